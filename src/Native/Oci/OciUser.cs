using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The ids a process runs with.</summary>
public sealed record OciUser : IJsonObject<OciUser>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciUser()
    {
    }

    private OciUser(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("uid"u8)) Uid = json.UInt32();
            else if (json.Is("gid"u8)) Gid = json.UInt32();
            else if (json.Is("umask"u8)) Umask = json.OptionalUInt32();
            else if (json.Is("additionalGids"u8)) AdditionalGids = json.UInt32s();
            else json.Skip();
        }
    }

    /// <summary>User id inside the container.</summary>
    public uint Uid { get; init; }

    /// <summary>Group id inside the container.</summary>
    public uint Gid { get; init; }

    /// <summary>File mode creation mask; the runtime's default where this is null.</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    static OciUser IJsonObject<OciUser>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("uid"u8, Uid);
        json.Member("gid"u8, Gid);
        json.Member("umask"u8, Umask);
        json.Member("additionalGids"u8, AdditionalGids);
    }
}
