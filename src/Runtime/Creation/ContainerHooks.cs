using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Hooks;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Programs;
using Container.Native.Syscalls;
using Container.Runtime.State;

namespace Container.Runtime.Creation;

/// <summary>
/// The hooks of one container at every point of its life (runtime-spec, config.md, "POSIX-platform Hooks"), whoever makes
/// it: a verb of psrun or a monitor.
/// </summary>
/// <param name="spec">The container's document.</param>
/// <param name="describe">The container's state with a status.</param>
/// <param name="prepare">The options of a further process in the container, with a cgroup that is disposed of.</param>
internal sealed class ContainerHooks(OciSpec spec, Func<ContainerStatus, OciState> describe, Func<LaunchOptions> prepare)
{
    /// <summary>The hooks of a container with a directory of its own.</summary>
    /// <param name="directory">The container.</param>
    /// <param name="spec">Its document.</param>
    /// <param name="root">The directory of the containers' state.</param>
    public static ContainerHooks Of(ContainerDirectory directory, OciSpec spec, string root) => new(
        spec, directory.Describe, () => new LaunchOptions
        {
            Id = directory.Id,
            Bundle = directory.State.Bundle,
            Cgroup = directory.OpenCgroup(),
            KeepGroups = CrunAnnotations.KeepsGroups(spec),
            SeccompCache = SeccompDirectory.Of(root),
            Listener = SeccompListener.For(spec.Linux?.Seccomp, () => directory.Describe(ContainerStatus.Created)),
        });

    /// <summary>Runs those of a point that the launch plan has come to.</summary>
    public void Run(LaunchedProcess process, HookPoint point)
    {
        switch (point)
        {
            case HookPoint.CreateRuntime:
                RunCreateRuntime();
                break;
            case HookPoint.CreateContainer:
                RunCreateContainer(process);
                break;
            default:
                RunStartContainer(process.PidFd);
                break;
        }
    }

    // Step 2 of the lifecycle, which is "creating", is over for all of them (runtime-spec, runtime.md, "State").

    /// <summary>Runs the prestart and createRuntime hooks.</summary>
    public void RunCreateRuntime()
    {
        HookRunner runner = new(new HostProgram());
        runner.Run("prestart", spec.Hooks?.Prestart, describe(ContainerStatus.Created));
        runner.Run("createRuntime", spec.Hooks?.CreateRuntime, describe(ContainerStatus.Created));
    }

    /// <summary>Runs the startContainer hooks as processes of the container.</summary>
    /// <param name="process">The container's first process, at the end of its preparations.</param>
    public void RunStartContainer(FileDescriptor process)
    {
        LaunchOptions options = prepare();
        using CgroupManager? cgroup = options.Cgroup;
        new HookRunner(new ContainerProgram(spec, process, options)).Run(
            "startContainer", spec.Hooks?.StartContainer, describe(ContainerStatus.Created));
    }

    /// <summary>Runs the poststart hooks; where one fails the container is to be destroyed.</summary>
    public void RunPoststart() => new HookRunner(new HostProgram()).Run(
        "poststart", spec.Hooks?.Poststart, describe(ContainerStatus.Running));

    /// <summary>Runs the poststop hooks, of which none stops the others or anything else (runtime.md, "Lifecycle",
    /// step 13).</summary>
    /// <param name="warn">Takes what failed.</param>
    public void RunPoststop(Action<string> warn)
    {
        IReadOnlyList<OciHook>? hooks = spec.Hooks?.Poststop;
        for (int i = 0; i < (hooks?.Count ?? 0); i++)
        {
            try
            {
                new HookRunner(new HostProgram()).Run("poststop", [hooks![i]], describe(ContainerStatus.Stopped));
            }
            catch (HookException failure)
            {
                warn(failure.Message);
            }
        }
    }

    // These are found in the host's tree, but see the container's mounts: the process has entered its mount namespace, and
    // its root is still the host's copy there.
    private void RunCreateContainer(LaunchedProcess process)
    {
        using FileDescriptor root = OpenOf(process, "root");
        using FileDescriptor directory = OpenOf(process, "cwd");
        new HookRunner(new HostProgram(process.PidFd, spec.Linux, root, directory)).Run(
            "createContainer", spec.Hooks?.CreateContainer, describe(ContainerStatus.Created));
    }

    private static FileDescriptor OpenOf(LaunchedProcess process, string link) =>
        FileCalls.Open($"/proc/{process.Pid}/{link}", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
}
