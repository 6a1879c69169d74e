using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The root filesystem of a container.</summary>
public sealed record OciRoot : IJsonObject<OciRoot>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciRoot()
    {
    }

    private OciRoot(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("path"u8)) Path = json.Text();
            else if (json.Is("readonly"u8)) Readonly = json.Flag();
            else json.Skip();
        }
    }

    /// <summary>Its directory: absolute, or relative to the bundle.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether it is mounted read-only.</summary>
    public bool Readonly { get; init; }

    static OciRoot IJsonObject<OciRoot>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("path"u8, Path);
        json.Member("readonly"u8, Readonly);
    }
}
