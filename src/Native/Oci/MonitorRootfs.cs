using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The root filesystem of a container: a directory, or the layers of an overlay.</summary>
public sealed record MonitorRootfs : IJsonObject<MonitorRootfs>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorRootfs()
    {
    }

    private MonitorRootfs(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("path"u8)) Path = json.OptionalText();
            else if (json.Is("lower"u8)) Lower = json.Texts();
            else if (json.Is("upper"u8)) Upper = json.OptionalText();
            else if (json.Is("work"u8)) Work = json.OptionalText();
            else if (json.Is("idMap"u8)) IdMap = json.Flag();
            else if (json.Is("host"u8)) Host = json.Flag();
            else json.Skip();
        }
    }

    /// <summary>A directory that is used as it is.</summary>
    public string? Path { get; init; }

    /// <summary>Read-only layers, the top one first.</summary>
    public IReadOnlyList<string>? Lower { get; init; }

    /// <summary>The layer that takes the changes.</summary>
    public string? Upper { get; init; }

    /// <summary>The overlay's work directory.</summary>
    public string? Work { get; init; }

    /// <summary>Whether the layers are idmapped with the container's uidMappings and gidMappings.</summary>
    public bool IdMap { get; init; }

    /// <summary>Whether this is the pseudo image <c>host</c>, whose lower layer is never idmapped.</summary>
    public bool Host { get; init; }

    static MonitorRootfs IJsonObject<MonitorRootfs>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("path"u8, Path);
        json.Member("lower"u8, Lower);
        json.Member("upper"u8, Upper);
        json.Member("work"u8, Work);
        json.Member("idMap"u8, IdMap);
        json.Member("host"u8, Host);
    }
}
