using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One device access rule of a cgroup.</summary>
public sealed record OciDeviceCgroup : IJsonObject<OciDeviceCgroup>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciDeviceCgroup()
    {
    }

    private OciDeviceCgroup(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("allow"u8)) Allow = json.Flag();
            else if (json.Is("type"u8)) Type = json.OptionalText();
            else if (json.Is("major"u8)) Major = json.OptionalInt64();
            else if (json.Is("minor"u8)) Minor = json.OptionalInt64();
            else if (json.Is("access"u8)) Access = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>Whether access is allowed.</summary>
    public bool Allow { get; init; }

    /// <summary>a (all), c (character) or b (block); all where this is null.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; any where this is null.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; any where this is null.</summary>
    public long? Minor { get; init; }

    /// <summary>Some of r (read), w (write) and m (mknod); all where this is null.</summary>
    public string? Access { get; init; }

    static OciDeviceCgroup IJsonObject<OciDeviceCgroup>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("allow"u8, Allow);
        json.Member("type"u8, Type);
        json.Member("major"u8, Major);
        json.Member("minor"u8, Minor);
        json.Member("access"u8, Access);
    }
}
