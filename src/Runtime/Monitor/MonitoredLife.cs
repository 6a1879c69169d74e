using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.Creation;
using Container.Runtime.State;

namespace Container.Runtime.Monitor;

/// <summary>
/// What a document asks for beside the container itself, for one start of it: hooks, a group of resctrl, whoever answers its
/// system calls. Hooks are waited for, so the monitor answers nobody meanwhile: who needs that gives them a timeout.
/// </summary>
internal sealed class MonitoredLife
{
    private readonly ContainerHooks? hooks;
    private readonly ResctrlGroup? resctrl;
    private readonly Action<LaunchedProcess, FileDescriptor>? listener;
    private readonly string version;
    private readonly IReadOnlyDictionary<string, string>? annotations;
    private readonly string id;
    private readonly string bundle;
    private LaunchOptions options = new();
    private int pid;
    private bool isRunning;

    /// <summary>Takes what is needed of a container's setting.</summary>
    public MonitoredLife(ContainerSetting setting)
    {
        OciSpec spec = setting.Spec;
        (id, bundle) = (setting.Request.Id, setting.Request.Bundle);
        (version, annotations) = (spec.OciVersion, spec.Annotations);
        if (spec.Linux?.IntelRdt is { } settings) resctrl = ResctrlGroup.Open(settings, id);
        listener = SeccompListener.For(
            spec.Linux?.Seccomp, () => Describe(isRunning ? ContainerStatus.Running : ContainerStatus.Creating));
        if (spec.Hooks is null) return;
        hooks = new ContainerHooks(spec, Describe, () => options with { Cgroup = setting.OpenCgroup(), Hooks = null });
    }

    /// <summary>The options of the launch, and of later processes, with what they take of this and the filter compiled:
    /// later processes get the same one.</summary>
    public LaunchOptions Extend(LaunchOptions launch, OciSeccomp? seccomp)
    {
        launch = launch with { Hooks = hooks is null ? null : RunHooks, Listener = listener };
        options = launch with { Filter = SeccompPolicy.Get(seccomp, launch) };
        return options;
    }

    /// <summary>The container's process is there, and waits.</summary>
    public void Enter(LaunchedProcess process)
    {
        pid = process.Pid;
        resctrl?.Enter(pid);
    }

    /// <summary>The program has been executed; a hook that fails ends the container.</summary>
    public void Started()
    {
        isRunning = true;
        hooks?.RunPoststart();
    }

    /// <summary>Nothing is left of the container's processes; returns what failed, or null.</summary>
    public string? End()
    {
        if (resctrl?.OwnDirectory is { } directory) ResctrlGroup.Remove(directory);
        string? warnings = null;
        hooks?.RunPoststop(text => warnings = warnings is null ? text : $"{warnings}; {text}");
        return warnings;
    }

    private void RunHooks(LaunchedProcess process, HookPoint point)
    {
        pid = process.Pid;
        hooks!.Run(process, point);
    }

    private OciState Describe(ContainerStatus status) => new()
    {
        OciVersion = version,
        Id = id,
        Status = StatusText.Of(status),
        Pid = status == ContainerStatus.Stopped ? 0 : pid,
        Bundle = bundle,
        Annotations = annotations,
    };
}
