using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One mount of a container.</summary>
public sealed record OciMount : IJsonObject<OciMount>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciMount()
    {
    }

    private OciMount(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("destination"u8)) Destination = json.Text();
            else if (json.Is("type"u8)) Type = json.OptionalText();
            else if (json.Is("source"u8)) Source = json.OptionalText();
            else if (json.Is("options"u8)) Options = json.Texts();
            else if (json.Is("uidMappings"u8)) UidMappings = json.Objects<OciIdMapping>();
            else if (json.Is("gidMappings"u8)) GidMappings = json.Objects<OciIdMapping>();
            else json.Skip();
        }
    }

    /// <summary>Where it is mounted, absolute inside the container.</summary>
    public string Destination { get; init; } = "";

    /// <summary>The filesystem type, as in /proc/filesystems.</summary>
    public string? Type { get; init; }

    /// <summary>The device, or the host path of a bind mount (relative to the bundle).</summary>
    public string? Source { get; init; }

    /// <summary>Mount options, as in fstab(5).</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>User ids of an idmapped mount, mount_setattr(2).</summary>
    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of an idmapped mount.</summary>
    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }

    static OciMount IJsonObject<OciMount>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("destination"u8, Destination);
        json.Member("type"u8, Type);
        json.Member("source"u8, Source);
        json.Member("options"u8, Options);
        json.Member("uidMappings"u8, UidMappings);
        json.Member("gidMappings"u8, GidMappings);
    }
}
