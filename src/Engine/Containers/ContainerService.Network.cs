using System.Net.Sockets;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>A TCP socket in the network namespace of a container's process: it connects to what that sees.</summary>
    public static Socket OpenSocket(int pid, AddressFamily family)
    {
        try
        {
            if (NetworkNamespace.IsShared(pid)) return Open(family);
            Task<Socket> inside = Task.Factory.StartNew(
                () =>
                {
                    NetworkNamespace.Enter(pid);
                    return Open(family);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return inside.GetAwaiter().GetResult();
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EPERM)
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing, "Only root can enter the network of a container.",
                "Use -Port, or a health check, which runs inside.", pid, failure);
        }
    }

    private static Socket Open(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);
}
