using System.Text.Json.Serialization;

namespace Container.Engine.Secrets;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SecretRecord))]
internal sealed partial class SecretJsonContext : JsonSerializerContext;
