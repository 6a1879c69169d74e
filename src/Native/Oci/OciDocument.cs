using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Container.Native.Oci;

/// <summary>Reads and writes the documents of the runtime specification.</summary>
public static class OciDocument
{
    /// <summary>How deep a document may nest; the specification needs eight levels.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads config.json.</summary>
    /// <exception cref="OciException">The document does not follow the specification.</exception>
    public static OciSpec ReadSpec(ReadOnlySpan<byte> json) => Read(json, OciJsonContext.Default.OciSpec);

    /// <summary>Writes config.json.</summary>
    public static byte[] Write(OciSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, OciJsonContext.Default.OciSpec);

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new OciException(null, "the document is null");
        }
        catch (JsonException exception)
        {
            throw new OciException(exception.Path, exception.Message);
        }
    }
}
