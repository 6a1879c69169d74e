using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// The socket of systemd's journal. An entry is one datagram; one that is too large for that goes as an empty datagram
/// with a sealed memory file (systemd.io, JOURNAL_NATIVE_PROTOCOL). Sending never waits. The socket is connected, so
/// that poll(2) tells when the journal has room again.
/// </summary>
internal sealed unsafe class JournalSocket : IDisposable
{
    private readonly string path;
    private FileDescriptor socket;

    private JournalSocket(string path, FileDescriptor socket)
    {
        this.path = path;
        this.socket = socket;
    }

    /// <summary>The socket's descriptor, for poll(2).</summary>
    public FileDescriptor Descriptor => socket;

    /// <summary>Connects to the journal that listens at <paramref name="path"/>.</summary>
    public static JournalSocket Connect(string path) => new(path, Open(path));

    /// <summary>Sends one entry; EAGAIN says that the journal has no room for it now.</summary>
    public Errno Send(ReadOnlySpan<byte> entry)
    {
        Errno errno = TrySend(entry);

        // The journal's socket has been made anew since; the first answer disconnects ours (unix(7)).
        if (errno is Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.ENOTCONN) errno = Reconnect(entry);
        return errno;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static FileDescriptor Open(string path)
    {
        UnixAddress address = new() { Family = Sockets.AF_UNIX };
        Span<byte> target = new(address.Path, UnixAddress.MaximumLength);
        if (!Encoding.UTF8.TryGetBytes(path, target, out _))
            throw new SystemCallException("connect", path, Errno.ENAMETOOLONG);
        FileDescriptor socket = new(SystemCallException.Check(
            Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0), "socket"));
        if (Sockets.connect(socket.Number, &address, (uint)sizeof(UnixAddress)) == 0) return socket;
        SystemCallException failure = SystemCallException.Last("connect", path);
        socket.Dispose();
        throw failure;
    }

    private Errno Reconnect(ReadOnlySpan<byte> entry)
    {
        try
        {
            FileDescriptor fresh = Open(path);
            socket.Dispose();
            socket = fresh;
            return TrySend(entry);
        }
        catch (SystemCallException failure)
        {
            return failure.Errno;
        }
    }

    private Errno TrySend(ReadOnlySpan<byte> entry)
    {
        Errno errno = SendDatagram(entry, -1);
        if (errno is not (Errno.EMSGSIZE or Errno.ENOBUFS)) return errno;
        try
        {
            const string Name = "journal-entry";
            using FileDescriptor file = Memfd.Create(Name, Memfd.MFD_ALLOW_SEALING);
            Files.WriteAll(file.Number, entry, Name);
            Memfd.Seal(file, Name);
            return SendDatagram([], file.Number);
        }
        catch (SystemCallException failure)
        {
            return failure.Errno;
        }
    }

    private Errno SendDatagram(ReadOnlySpan<byte> data, int descriptor)
    {
        MessageHeader message;
        MessageVector vector;
        nuint* control = stackalloc nuint[(sizeof(ControlHeader) / sizeof(nuint)) + 1];
        nint result;
        fixed (byte* start = data)
        {
            vector.Base = start;
            vector.Length = (nuint)data.Length;
            MessageHeader.Initialize(&message, &vector);
            if (descriptor >= 0)
            {
                ControlHeader* header = (ControlHeader*)control;
                header->Length = (nuint)(sizeof(ControlHeader) + sizeof(int));
                header->Level = MessageHeader.SOL_SOCKET;
                header->Type = MessageHeader.SCM_RIGHTS;
                *(int*)(header + 1) = descriptor;
                message.Control = (byte*)control;
                message.ControlLength = (nuint)(sizeof(ControlHeader) + sizeof(nuint));
            }

            do
            {
                result = Sockets.sendmsg(socket.Number, &message, Sockets.MSG_NOSIGNAL | Sockets.MSG_DONTWAIT);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        }

        return result < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }
}
