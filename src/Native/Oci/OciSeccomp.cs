using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>A system-call filter, seccomp(2).</summary>
[JsonObject]
public sealed partial record OciSeccomp
{
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
}
