using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// The parent's side of <see cref="OperationKind.HandOverListener"/>: the descriptor that seccomp(2) returned in the
/// child (seccomp_unotify(2)).
/// </summary>
internal static class ListenerTransfer
{
    /// <summary>Fetches descriptor <paramref name="number"/> of the child, or has it sent.</summary>
    public static unsafe FileDescriptor Receive(PacketSocket channel, FileDescriptor child, int number)
    {
        long result = RawCall.Invoke(SystemCallNumber.pidfd_getfd, child.Number, number, 0);
        GC.KeepAlive(child);
        if (result >= 0) return new FileDescriptor((int)result);

        // The child is undumpable: without CAP_SYS_PTRACE over the host its descriptors are closed to us (ptrace(2)).
        if (-result != (long)Errno.EPERM) throw new SystemCallException("pidfd_getfd", null, (Errno)(-result));
        channel.Send([LaunchReport.SendDescriptor]);
        List<FileDescriptor> received = [];
        Span<byte> report = stackalloc byte[sizeof(LaunchReport)];
        channel.Receive(report, received);
        return received.Count == 1
            ? received[0]
            : throw new SystemCallException("recvmsg", "the seccomp listener", Errno.EPROTO);
    }
}
