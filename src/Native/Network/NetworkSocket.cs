using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Network;

/// <summary>TCP sockets in the network namespace of another process.</summary>
internal static class NetworkSocket
{
    /// <summary>
    /// Opens one, which connects to what the process sees, whoever uses it. A child goes there for it: an ordinary user
    /// has rights over the namespaces of a container, but none to come back to the host's.
    /// </summary>
    /// <param name="process">The process; null: one of our own namespace.</param>
    /// <param name="ipv6">Whether it is one of IPv6.</param>
    public static FileDescriptor Open(FileDescriptor? process, bool ipv6)
    {
        const int Type = SocketCalls.SOCK_STREAM | SocketCalls.SOCK_CLOEXEC;

        int family = ipv6 ? SocketCalls.AF_INET6 : SocketCalls.AF_INET;
        if (process is null)
            return new FileDescriptor(SystemCallException.Check(SocketCalls.socket(family, Type, 0), "socket"));

        LaunchPlan plan = new();
        LaunchSlot socket = plan.AddSlot();
        plan.Call(
            SystemCallNumber.setns, new LaunchStep("setns", "the container", "network"),
            [plan.AddSlot(process.Number), (nint)CloneArguments.CLONE_NEWNET]);
        plan.Call(
            SystemCallNumber.socket, new LaunchStep("socket", null, null),
            [family, Type, 0], socket);
        plan.Add(OperationKind.Notify, new LaunchStep("send", "the socket", null), [LaunchReport.Descriptor, socket]);
        using LaunchedProcess child = LaunchedProcess.Start(plan, 0, null);
        try
        {
            child.WaitUntilExecuted();
            return child.TakeDescriptor() ?? throw new SystemCallException("socket", null, Errno.ESRCH);
        }
        finally
        {
            ChildProcess.Wait(child.PidFd);
        }
    }
}
