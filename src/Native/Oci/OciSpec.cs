using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>
/// The configuration of a container, config.json (runtime-spec 1.3.0, config.md and config-linux.md).
/// </summary>
public sealed record OciSpec : IJsonObject<OciSpec>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciSpec()
    {
    }

    private OciSpec(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("ociVersion"u8)) OciVersion = json.Text();
            else if (json.Is("process"u8)) Process = json.Object<OciProcess>();
            else if (json.Is("root"u8)) Root = json.Object<OciRoot>();
            else if (json.Is("hostname"u8)) Hostname = json.OptionalText();
            else if (json.Is("domainname"u8)) Domainname = json.OptionalText();
            else if (json.Is("mounts"u8)) Mounts = json.Objects<OciMount>();
            else if (json.Is("hooks"u8)) Hooks = json.Object<OciHooks>();
            else if (json.Is("annotations"u8)) Annotations = json.TextMap();
            else if (json.Is("linux"u8)) Linux = json.Object<OciLinux>();
            else json.Skip();
        }
    }

    /// <summary>The version of the specification the bundle follows.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The process to start.</summary>
    public OciProcess? Process { get; init; }

    /// <summary>The root filesystem.</summary>
    public OciRoot? Root { get; init; }

    /// <summary>The host name in the container's uts namespace.</summary>
    public string? Hostname { get; init; }

    /// <summary>The NIS domain name in the container's uts namespace.</summary>
    public string? Domainname { get; init; }

    /// <summary>What is mounted on top of the root filesystem, in this order.</summary>
    public IReadOnlyList<OciMount>? Mounts { get; init; }

    /// <summary>Commands that run at points of the container's life.</summary>
    public OciHooks? Hooks { get; init; }

    /// <summary>Free-form metadata.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What only Linux has.</summary>
    public OciLinux? Linux { get; init; }

    static OciSpec IJsonObject<OciSpec>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersion"u8, OciVersion);
        json.Member("process"u8, Process);
        json.Member("root"u8, Root);
        json.Member("hostname"u8, Hostname);
        json.Member("domainname"u8, Domainname);
        json.Member("mounts"u8, Mounts);
        json.Member("hooks"u8, Hooks);
        json.Member("annotations"u8, Annotations);
        json.Member("linux"u8, Linux);
    }
}
