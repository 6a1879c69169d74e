using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Network;

/// <summary>
/// The loopback of a new network namespace, which the kernel makes down (network_namespaces(7), netdevice(7)). A socket
/// of any family takes the request, so a kernel without IPv4 does too.
/// </summary>
internal static unsafe class Loopback
{
    public const string Name = "lo";

    /// <summary>struct ifreq that raises it; the address comes with that.</summary>
    public static byte[] UpRequest()
    {
        const int RequestSize = 40;
        const int FlagsOffset = 16;
        const byte IFF_UP = 1;

        byte[] request = new byte[RequestSize];
        Utf8.Terminated(Name).CopyTo(request, 0);
        request[FlagsOffset] = IFF_UP;
        return request;
    }

    /// <summary>Raises that of the network namespace of <paramref name="process"/>.</summary>
    public static void Raise(FileDescriptor process)
    {
        using NamespaceVisit visit = NamespaceVisit.Enter(process, CloneArguments.CLONE_NEWNET);
        using FileDescriptor socket = new(SystemCallException.Check(
            SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0), "socket"));
        fixed (byte* request = UpRequest())
        {
            long result = RawCall.Invoke(SystemCallNumber.ioctl, socket.Number, SocketCalls.SIOCSIFFLAGS, (nint)request);
            if (result < 0) throw new SystemCallException("ioctl(SIOCSIFFLAGS)", Name, (Errno)(-result));
        }
    }
}
