using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>A device node to create, mknod(2).</summary>
public sealed record OciDevice : IJsonObject<OciDevice>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciDevice()
    {
    }

    private OciDevice(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("path"u8)) Path = json.Text();
            else if (json.Is("type"u8)) Type = json.Text();
            else if (json.Is("major"u8)) Major = json.Int64();
            else if (json.Is("minor"u8)) Minor = json.Int64();
            else if (json.Is("fileMode"u8)) FileMode = json.OptionalUInt32();
            else if (json.Is("uid"u8)) Uid = json.OptionalUInt32();
            else if (json.Is("gid"u8)) Gid = json.OptionalUInt32();
            else json.Skip();
        }
    }

    /// <summary>Where, absolute inside the container.</summary>
    public string Path { get; init; } = "";

    /// <summary>c or u (character), b (block) or p (fifo).</summary>
    public string Type { get; init; } = "";

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner inside the container.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group inside the container.</summary>
    public uint? Gid { get; init; }

    static OciDevice IJsonObject<OciDevice>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("path"u8, Path);
        json.Member("type"u8, Type);
        json.Member("major"u8, Major);
        json.Member("minor"u8, Minor);
        json.Member("fileMode"u8, FileMode);
        json.Member("uid"u8, Uid);
        json.Member("gid"u8, Gid);
    }
}
