using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Runtime.Streams;

/// <summary>Descriptors of streams, as a loop that must not block needs them.</summary>
internal static unsafe class StreamDescriptor
{

    /// <summary>Makes a descriptor of our own non-blocking.</summary>
    public static FileDescriptor SetNonBlocking(FileDescriptor descriptor)
    {
        int flags = SystemCallException.Check(FileCalls.fcntl(descriptor.Number, FileCalls.F_GETFL, 0), "fcntl");
        SystemCallException.Check(
            FileCalls.fcntl(descriptor.Number, FileCalls.F_SETFL, flags | FileCalls.O_NONBLOCK), "fcntl");
        return descriptor;
    }

    /// <summary>
    /// Takes over a client's descriptor. O_NONBLOCK belongs to the open file, which the client and whoever it has it
    /// from share; so a pipe or terminal is opened again, which makes an open file of our own. Regular files do not
    /// block, sockets cannot be opened again.
    /// </summary>
    public static FileDescriptor Adopt(FileDescriptor descriptor, int mode)
    {
        uint type = GetStatus(descriptor).Type;
        if (type is not (FileCalls.S_IFIFO or FileCalls.S_IFCHR))
        {
            return type == FileCalls.S_IFSOCK ? SetNonBlocking(descriptor) : descriptor;
        }

        using (descriptor)
        {
            return FileCalls.Open(
                $"/proc/self/fd/{descriptor.Number}", mode | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY);
        }
    }

    /// <summary>
    /// Gives a pipe to the user of the container who is to have it as a standard stream: /dev/stdout and its like open
    /// it again, which the pipe's permissions allow its owner only. What is no pipe is left alone.
    /// </summary>
    public static void GivePipe(FileDescriptor descriptor, uint owner)
    {
        FileStatus status = GetStatus(descriptor);
        if (status.Type == FileCalls.S_IFIFO && status.Uid != owner)
            _ = Attributes.fchown(descriptor.Number, owner, uint.MaxValue);
    }

    /// <summary>Reads what there is; 0 at the end, -1 if there is nothing yet.</summary>
    public static int Read(FileDescriptor source, Span<byte> buffer)
    {
        nint count;
        fixed (byte* start = buffer)
        {
            do
            {
                count = FileCalls.read(source.Number, start, (nuint)buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        if (count >= 0) return (int)count;

        // EIO is how a terminal's master says that its last user has gone (pty(7)).
        return Marshal.GetLastPInvokeError() == (int)Errno.EAGAIN ? -1 : 0;
    }

    /// <summary>Writes what fits; -1 if nobody reads any more.</summary>
    public static int Write(FileDescriptor target, ReadOnlySpan<byte> data)
    {
        int written = 0;
        fixed (byte* start = data)
        {
            while (written < data.Length)
            {
                nint count = FileCalls.write(target.Number, start + written, (nuint)(data.Length - written));
                if (count >= 0)
                {
                    written += (int)count;
                    continue;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno == (int)Errno.EINTR) continue;
                return errno == (int)Errno.EAGAIN ? written : -1;
            }
        }

        return written;
    }

    private static FileStatus GetStatus(FileDescriptor descriptor)
    {
        FileStatus status;
        SystemCallException.Check(
            FileCalls.statx(descriptor.Number, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status), "statx");
        return status;
    }
}
