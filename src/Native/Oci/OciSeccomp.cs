using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>A system-call filter, seccomp(2).</summary>
public sealed record OciSeccomp : IJsonObject<OciSeccomp>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciSeccomp()
    {
    }

    private OciSeccomp(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("defaultAction"u8)) DefaultAction = json.Text();
            else if (json.Is("defaultErrnoRet"u8)) DefaultErrnoRet = json.OptionalUInt32();
            else if (json.Is("architectures"u8)) Architectures = json.Texts();
            else if (json.Is("flags"u8)) Flags = json.Texts();
            else if (json.Is("listenerPath"u8)) ListenerPath = json.OptionalText();
            else if (json.Is("listenerMetadata"u8)) ListenerMetadata = json.OptionalText();
            else if (json.Is("syscalls"u8)) Syscalls = json.Objects<OciSyscall>();
            else json.Skip();
        }
    }

    /// <summary>What happens to system calls no rule names.</summary>
    public string DefaultAction { get; init; } = "";

    /// <summary>The errno of that action; EPERM where this is null.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Further architectures, such as <c>SCMP_ARCH_X86</c>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Flags, such as <c>SECCOMP_FILTER_FLAG_LOG</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>The unix socket that receives the descriptor of SCMP_ACT_NOTIFY.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Opaque text for that listener.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<OciSyscall>? Syscalls { get; init; }

    static OciSeccomp IJsonObject<OciSeccomp>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("defaultAction"u8, DefaultAction);
        json.Member("defaultErrnoRet"u8, DefaultErrnoRet);
        json.Member("architectures"u8, Architectures);
        json.Member("flags"u8, Flags);
        json.Member("listenerPath"u8, ListenerPath);
        json.Member("listenerMetadata"u8, ListenerMetadata);
        json.Member("syscalls"u8, Syscalls);
    }
}
