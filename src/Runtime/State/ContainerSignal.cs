using Container.Native.Cgroups;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Runtime.State;

/// <summary>
/// Signals to the processes of a container. They go through descriptors that were checked after they were opened, so
/// that a process that has the pid of one of ours by now is never hit.
/// </summary>
internal static class ContainerSignal
{
    /// <summary>
    /// Sends a signal to the container's first process; false if it has ended. SIGKILL ends the container: with a pid
    /// namespace of its own the kernel sees to the others, else they are killed by their cgroup, as with runc.
    /// </summary>
    public static bool Send(ContainerDirectory directory, int signal)
    {
        if (signal == SignalNames.Kill && directory.State.SharesProcesses && KillAll(directory)) return true;
        if (directory.State.FindProcess() is not { } process) return false;
        using FileDescriptor? descriptor = TryOpen(process);
        if (descriptor is null || !ChildProcess.Signal(descriptor, signal)) return false;
        if (signal == SignalNames.Kill) Thaw(directory);
        return true;
    }

    // Also what the first process has left behind. Without a process we have never been in that cgroup: it may be
    // another container's.
    private static bool KillAll(ContainerDirectory directory)
    {
        if (directory.State.Pid == 0) return false;
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is not { Exists: true } || cgroup.GetProcesses().Count == 0) return false;
        cgroup.Kill();

        // It may have left the cgroup.
        if (directory.State.FindProcess() is { } process && TryOpen(process) is { } descriptor)
        {
            using (descriptor) ChildProcess.Signal(descriptor, SignalNames.Kill);
        }

        return true;
    }

    /// <summary>Sends a signal to every process of the container's cgroup.</summary>
    public static void SendToAll(ContainerDirectory directory, int signal)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is null)
        {
            Send(directory, signal);
            return;
        }

        if (!cgroup.Exists) return;
        if (signal == SignalNames.Kill)
        {
            cgroup.Kill();
            return;
        }

        MemberSignal.Send(cgroup.GetProcesses, signal);
    }

    /// <summary>Waits for the container's first process to end; false after the time.</summary>
    public static bool WaitForEnd(ContainerDirectory directory, int milliseconds)
    {
        if (directory.State.FindProcess() is not { } process) return true;
        using FileDescriptor? descriptor = TryOpen(process);
        return descriptor is null || Polling.Wait(descriptor.Number, Polling.POLLIN, -1, milliseconds) != 0;
    }

    /// <summary>A descriptor of the process, or null if it has ended.</summary>
    public static FileDescriptor? TryOpen(ProcessIdentity process)
    {
        FileDescriptor descriptor;
        try
        {
            descriptor = ChildProcess.Open(process.Pid);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ESRCH)
        {
            return null;
        }

        if (process.IsRunning) return descriptor;
        descriptor.Dispose();
        return null;
    }

    // The v1 freezer keeps a killed process until it is thawed.
    private static void Thaw(ContainerDirectory directory)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (cgroup is { Exists: true, IsFrozen: true }) cgroup.Thaw();
    }
}
