using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Native.Trust;

namespace Container.Native.Monitor;

/// <summary>
/// The socket of systemd's journal. An entry is one datagram; one that is too large for that goes as an empty datagram
/// with a sealed memory file (systemd.io, JOURNAL_NATIVE_PROTOCOL). Sending never waits. The socket is connected, so
/// that poll(2) tells when the journal has room again.
/// </summary>
internal sealed class JournalSocket : IDisposable
{
    private readonly string path;
    private DatagramSocket socket;

    private JournalSocket(string path, DatagramSocket socket)
    {
        this.path = path;
        this.socket = socket;
    }

    /// <summary>The socket's descriptor, for poll(2).</summary>
    public FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>Connects to the journal that listens at <paramref name="path"/>.</summary>
    /// <exception cref="UntrustedPathException">Root asks, and another user could have made it.</exception>
    public static JournalSocket Connect(string path) => new(path, Open(path));

    /// <summary>Sends one entry; EAGAIN says that the journal has no room for it now.</summary>
    public Errno Send(ReadOnlySpan<byte> entry)
    {
        Errno errno = TrySend(entry);

        // The journal's socket has been made anew since; the first answer disconnects ours (unix(7)). EPIPE: somebody
        // still has the old one, which receives nothing any more.
        if (errno is Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.ENOTCONN or Errno.EPIPE) errno = Reconnect(entry);
        return errno;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private Errno Reconnect(ReadOnlySpan<byte> entry)
    {
        try
        {
            DatagramSocket fresh = Open(path);
            socket.Dispose();
            socket = fresh;
            return TrySend(entry);
        }
        catch (SystemCallException failure)
        {
            return failure.Errno;
        }
        catch (UntrustedPathException)
        {
            return Errno.EPERM;
        }
    }

    // What a container of root's writes is for root's journal.
    private static DatagramSocket Open(string path)
    {
        TrustedPath.Exists(path);
        return DatagramSocket.Connect(path);
    }

    private Errno TrySend(ReadOnlySpan<byte> entry)
    {
        Errno errno = socket.Send(entry);
        if (errno is not (Errno.EMSGSIZE or Errno.ENOBUFS)) return errno;
        try
        {
            const string Name = "journal-entry";
            using FileDescriptor file = Memfd.Create(Name, Memfd.MFD_ALLOW_SEALING);
            FileCalls.WriteAll(file.Number, entry, Name);
            Memfd.Seal(file, Name);
            return socket.Send([], file);
        }
        catch (SystemCallException failure)
        {
            return failure.Errno;
        }
    }
}
