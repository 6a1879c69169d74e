using System.Text.Json.Serialization;

namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>The user namespace; one of its own with 65,536 ids of its own where null.</summary>
    public NamespaceMode? UserNamespace { get; init; }

    /// <summary>User ids, as INSIDE:HOST:COUNT, in place of a range of the engine's.</summary>
    public IReadOnlyList<string>? UidMap { get; init; }

    /// <summary>Group ids, as INSIDE:HOST:COUNT; <see cref="UidMap"/> where null.</summary>
    public IReadOnlyList<string>? GidMap { get; init; }

    /// <summary>The process namespace.</summary>
    public NamespaceMode? PidNamespace { get; init; }

    /// <summary>The namespace of System V and POSIX message queues and shared memory.</summary>
    public NamespaceMode? IpcNamespace { get; init; }

    /// <summary>The namespace of the host name.</summary>
    public NamespaceMode? UtsNamespace { get; init; }

    /// <summary>The control group namespace.</summary>
    public NamespaceMode? CgroupNamespace { get; init; }

    /// <summary>
    /// Seconds by which the clocks <c>monotonic</c> and <c>boottime</c> are set off in a time namespace of its own
    /// (time_namespaces(7)); the host's clocks where null.
    /// </summary>
    public IReadOnlyDictionary<string, long>? TimeOffset { get; init; }

    /// <summary>Capabilities to add to the default ones, or ALL.</summary>
    public IReadOnlyList<string>? CapabilityAdd { get; init; }

    /// <summary>Capabilities to take from the default ones, or ALL.</summary>
    public IReadOnlyList<string>? CapabilityDrop { get; init; }

    /// <summary>
    /// All capabilities in the container's user namespace, no seccomp filter, nothing masked. With
    /// <see cref="UserNamespace"/> Host this is root on the host.
    /// </summary>
    public bool Privileged { get; init; }

    /// <summary>
    /// Programs may make user namespaces and mount in them, as bwrap and the sandboxes of browsers do, and see all of
    /// /proc.
    /// </summary>
    public bool Nesting { get; init; }

    /// <summary>Forbid to gain privileges by execve(2); true unless switched off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>A profile file (OCI JSON) or <c>unconfined</c>; the default profile where null.</summary>
    public string? SeccompProfile { get; init; }

    /// <summary>Paths to mask beside the default ones.</summary>
    public IReadOnlyList<string>? MaskPath { get; init; }

    /// <summary>Default masked and read-only paths to leave open, or ALL.</summary>
    public IReadOnlyList<string>? UnmaskPath { get; init; }

    /// <summary>Kernel parameters of the container's own namespaces.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }
}
