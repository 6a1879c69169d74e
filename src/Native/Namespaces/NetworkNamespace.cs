using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>The network namespace of a process (network_namespaces(7)).</summary>
public static class NetworkNamespace
{
    /// <summary>
    /// Takes the calling thread there, and for good: it has to be one of its own, which ends with its work. A socket
    /// that it makes stays in that namespace, whoever uses it.
    /// </summary>
    /// <param name="pid">A process in it.</param>
    public static void Enter(int pid)
    {
        string path = $"/proc/{pid}/ns/net";
        using FileDescriptor target = NamespaceVisit.Open(path);
        int flag = (int)CloneArguments.CLONE_NEWNET;
        SystemCallException.Check(ProcessCalls.setns(target.Number, flag), "setns", path);
    }

    /// <summary>Whether a process is in the same one as the caller.</summary>
    public static bool IsShared(int pid) =>
        new FileInfo($"/proc/{pid}/ns/net").LinkTarget == new FileInfo("/proc/self/ns/net").LinkTarget;
}
