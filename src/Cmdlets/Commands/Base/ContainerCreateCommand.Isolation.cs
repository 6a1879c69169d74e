using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    private const string Unconfined = "unconfined";

    /// <summary>The user namespace: Private, Host, Container:NAME or a path.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? UserNamespace { get; set; }

    /// <summary>User ids, as INSIDE:HOST:COUNT.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? UidMap { get; set; }

    /// <summary>Group ids, as INSIDE:HOST:COUNT; -UidMap where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? GidMap { get; set; }

    /// <summary>The process namespace.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? PidNamespace { get; set; }

    /// <summary>The namespace of message queues and shared memory.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? IpcNamespace { get; set; }

    /// <summary>The namespace of the host name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? UtsNamespace { get; set; }

    /// <summary>The control group namespace.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceModeCompleter))]
    public NamespaceMode? CgroupNamespace { get; set; }

    /// <summary>Seconds by which the clocks monotonic and boottime are set off, in a time namespace of its own.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? TimeOffset { get; set; }

    /// <summary>Capabilities to add, or ALL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? CapabilityAdd { get; set; }

    /// <summary>Capabilities to drop, or ALL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[]? CapabilityDrop { get; set; }

    /// <summary>All capabilities of its user namespace, no seccomp filter, nothing masked.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Let programs make sandboxes inside: user namespaces, mounts in them, and all of /proc.</summary>
    [Parameter]
    public SwitchParameter Nesting { get; set; }

    /// <summary>Forbid to gain privileges by execve(2): on unless switched off with -NoNewPrivileges:$false.</summary>
    [Parameter]
    public SwitchParameter NoNewPrivileges { get; set; } = true;

    /// <summary>A seccomp profile (OCI JSON) or unconfined.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SeccompProfile { get; set; }

    /// <summary>Paths to mask beside the default ones.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? MaskPath { get; set; }

    /// <summary>Masked and read-only paths to leave open, or ALL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? UnmaskPath { get; set; }

    /// <summary>Kernel parameters of its own namespaces.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Sysctl { get; set; }

    private ContainerConfiguration ConfigureIsolation(ContainerConfiguration made) => made with
    {
        UserNamespace = UserNamespace ?? made.UserNamespace,
        UidMap = UidMap ?? made.UidMap,
        GidMap = GidMap ?? made.GidMap,
        PidNamespace = PidNamespace ?? made.PidNamespace,
        IpcNamespace = IpcNamespace ?? made.IpcNamespace,
        UtsNamespace = UtsNamespace ?? made.UtsNamespace,
        CgroupNamespace = CgroupNamespace ?? made.CgroupNamespace,
        TimeOffset = TextMap.Numbers(TimeOffset) ?? made.TimeOffset,
        CapabilityAdd = CapabilityAdd ?? made.CapabilityAdd,
        CapabilityDrop = CapabilityDrop ?? made.CapabilityDrop,
        Privileged = IsBound(nameof(Privileged)) ? Privileged : made.Privileged,
        Nesting = IsBound(nameof(Nesting)) ? Nesting : made.Nesting,
        NoNewPrivileges = IsBound(nameof(NoNewPrivileges)) ? NoNewPrivileges : made.NoNewPrivileges,
        SeccompProfile = SeccompProfile is null or Unconfined
            ? SeccompProfile ?? made.SeccompProfile
            : HostPath(SeccompProfile),
        MaskPath = MaskPath ?? made.MaskPath,
        UnmaskPath = UnmaskPath ?? made.UnmaskPath,
        Sysctl = TextMap.From(Sysctl) ?? made.Sysctl,
    };
}
