using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Commands that run at points of a container's life (config.md, "POSIX-platform Hooks").</summary>
public sealed record OciHooks : IJsonObject<OciHooks>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciHooks()
    {
    }

    private OciHooks(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("prestart"u8)) Prestart = json.Objects<OciHook>();
            else if (json.Is("createRuntime"u8)) CreateRuntime = json.Objects<OciHook>();
            else if (json.Is("createContainer"u8)) CreateContainer = json.Objects<OciHook>();
            else if (json.Is("startContainer"u8)) StartContainer = json.Objects<OciHook>();
            else if (json.Is("poststart"u8)) Poststart = json.Objects<OciHook>();
            else if (json.Is("poststop"u8)) Poststop = json.Objects<OciHook>();
            else json.Skip();
        }
    }

    /// <summary>Runtime namespace, after the namespaces exist; deprecated, but what docker's network uses.</summary>
    public IReadOnlyList<OciHook>? Prestart { get; init; }

    /// <summary>Runtime namespace, after the namespaces exist and before pivot_root(2).</summary>
    public IReadOnlyList<OciHook>? CreateRuntime { get; init; }

    /// <summary>Container namespace, before pivot_root(2).</summary>
    public IReadOnlyList<OciHook>? CreateContainer { get; init; }

    /// <summary>Container namespace, just before the container's process is executed.</summary>
    public IReadOnlyList<OciHook>? StartContainer { get; init; }

    /// <summary>Runtime namespace, after the container's process was executed.</summary>
    public IReadOnlyList<OciHook>? Poststart { get; init; }

    /// <summary>Runtime namespace, after the container was deleted.</summary>
    public IReadOnlyList<OciHook>? Poststop { get; init; }

    static OciHooks IJsonObject<OciHooks>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("prestart"u8, Prestart);
        json.Member("createRuntime"u8, CreateRuntime);
        json.Member("createContainer"u8, CreateContainer);
        json.Member("startContainer"u8, StartContainer);
        json.Member("poststart"u8, Poststart);
        json.Member("poststop"u8, Poststop);
    }
}
