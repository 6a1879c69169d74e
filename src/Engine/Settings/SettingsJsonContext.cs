using System.Text.Json.Serialization;

namespace Container.Engine.Settings;

// A setting that is misspelt would be one that does nothing.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(EngineSettings))]
internal sealed partial class SettingsJsonContext : JsonSerializerContext;
