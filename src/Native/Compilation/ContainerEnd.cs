using Container.Native.Cgroups.Hierarchies;
using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Whether a container is ending while something is done to it. Which system call fails then, and how, is chance: its
/// namespaces go before its first process is a zombie (setns(2): ESRCH), a pid namespace takes no further process from
/// then on (clone(2): ENOMEM), its control group is removed (ENOENT, ENODEV), and the kernel kills what was started.
/// </summary>
internal static class ContainerEnd
{
    /// <summary>Whether <paramref name="failure"/> comes from the end of the container.</summary>
    /// <param name="failure">What was caught.</param>
    /// <param name="init">A descriptor of the container's first process.</param>
    public static bool IsCause(Exception failure, FileDescriptor init) =>
        failure is SystemCallException or LaunchException or CgroupException && HasBegun(init);

    /// <summary>Whether the container's first process has ended.</summary>
    public static bool HasEnded(FileDescriptor init) => Polling.Wait(init.Number, Polling.POLLIN, -1, 0) != 0;

    private static bool HasBegun(FileDescriptor init) =>
        HasEnded(init)
        || ChildProcess.FindPid(init) is not (> 0 and int pid)
        || ProcessIdentity.TryRead(pid, out char state, out ProcessFlags flags) is null
        || flags.HasFlag(ProcessFlags.PF_EXITING)
        || state is 'Z' or 'X';
}
