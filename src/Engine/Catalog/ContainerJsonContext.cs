using System.Text.Json.Serialization;

namespace Container.Engine.Catalog;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContainerDocument))]
internal sealed partial class ContainerJsonContext : JsonSerializerContext;
