using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Sockets: socket(2), unix(7), sendmsg(2), recvmsg(2).</summary>
internal static unsafe class SocketCalls
{
    public static int SIOCSIFFLAGS => LibC.SIOCSIFFLAGS;

    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_RAW = 3;
    public const int SOCK_SEQPACKET = 5;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int MSG_CTRUNC = 0x8;
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

    public static int AF_UNIX => LibC.AF_UNIX;
    public static int AF_INET => LibC.AF_INET;
    public static int AF_INET6 => LibC.AF_INET6;
    public static int AF_NETLINK => LibC.AF_NETLINK;
    public static int SHUT_RDWR => LibC.SHUT_RDWR;

    public static int socket(int domain, int type, int protocol) => LibC.socket(domain, type, protocol);

    public static int socketpair(int domain, int type, int protocol, int* ends) =>
        LibC.socketpair(domain, type, protocol, ends);

    public static int bind(int socket, sockaddr_un* address, uint length) =>
        LibC.bind(socket, (sockaddr*)address, length);

    public static int listen(int socket, int backlog) => LibC.listen(socket, backlog);

    public static int accept4(int socket, sockaddr_un* address, uint* length, int flags) =>
        LibC.accept4(socket, (sockaddr*)address, (socklen_t*)length, flags);

    public static int connect(int socket, sockaddr_un* address, uint length) =>
        LibC.connect(socket, (sockaddr*)address, length);

    public static int shutdown(int socket, int how) => LibC.shutdown(socket, how);

    public static nint sendmsg(int socket, MessageHeader* message, int flags) =>
        (nint)(long)LibC.sendmsg(socket, (msghdr*)message, flags);

    public static nint recvmsg(int socket, MessageHeader* message, int flags) =>
        (nint)(long)LibC.recvmsg(socket, (msghdr*)message, flags);
}
