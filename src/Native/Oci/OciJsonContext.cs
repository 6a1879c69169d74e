using System.Text.Json.Serialization;

namespace Container.Native.Oci;

/// <summary>
/// JSON of the documents in this folder, generated at compile time. Fields the specification does not know are skipped,
/// as it demands ("Extensibility"), and nothing is written for null.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = OciDocument.MaxDepth)]
[JsonSerializable(typeof(OciSpec))]
[JsonSerializable(typeof(OciProcess))]
[JsonSerializable(typeof(OciResources))]
[JsonSerializable(typeof(OciSeccomp))]
[JsonSerializable(typeof(OciState))]
[JsonSerializable(typeof(OciProcessState))]
[JsonSerializable(typeof(OciFeatures))]
[JsonSerializable(typeof(MonitorRequest))]
[JsonSerializable(typeof(MonitorMessage))]
[JsonSerializable(typeof(MonitorState))]
public sealed partial class OciJsonContext : JsonSerializerContext;
