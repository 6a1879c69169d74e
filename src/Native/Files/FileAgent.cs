using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// A process that is root of a user namespace and does to files what its user may not: an ordinary user's images have
/// files of the user's subordinate ids, which only a process that has these ids mapped can make, read or remove.
/// <para>
/// Directories go to it as descriptors, and what it opens comes back as descriptors: content is read and written by
/// whoever asked.
/// </para>
/// </summary>
public sealed class FileAgent : IDisposable
{
    /// <summary>The name of its socket.</summary>
    public const string SocketName = "files.sock";

    private readonly Lock access = new();
    private readonly PacketSocket socket;
    private readonly FilePacket packet = new();
    private readonly FileAgent? whole;
    private readonly (uint Uid, uint Gid) ids;
    private bool isGone;

    internal FileAgent(PacketSocket socket) => this.socket = socket;

    private FileAgent(FileAgent whole, uint uid, uint gid)
    {
        this.whole = whole;
        socket = whole.socket;
        access = whole.access;
        packet = whole.packet;
        ids = (uid, gid);
    }

    /// <summary>Whether it still answers.</summary>
    public bool IsAlive => whole?.IsAlive ?? !isGone;

    /// <summary>Connects to the agent whose socket is in <paramref name="directory"/>.</summary>
    public static FileAgent Connect(string directory) => new(PacketSocket.Connect(directory, SocketName));

    /// <summary>Opens a directory of the host; the path to it is trusted.</summary>
    public RootDirectory OpenRoot(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileDescriptor host = FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        return RootDirectory.FromDescriptor(
            Open(FileRequest.Resolve, host, path, FileCalls.O_PATH | FileCalls.O_DIRECTORY, 0, "open"), this);
    }

    /// <summary>Puts layers together, as LayerMount does.</summary>
    /// <param name="layers">Directories, the topmost first.</param>
    /// <param name="directory">The directory with <c>upper</c> and <c>work</c> of the layer that takes changes, or
    /// null.</param>
    public RootDirectory OpenLayers(IReadOnlyList<string> layers, string? directory)
    {
        ArgumentNullException.ThrowIfNull(layers);
        using FileDescriptor host = FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        string text = string.Join('\0', [directory ?? "", .. layers]);
        FileDescriptor root = Ask(FileRequest.OpenLayers, host, "", Encoding.UTF8.GetBytes(text), [], static (_, file) => file)
            ?? throw Gone();
        return RootDirectory.FromDescriptor(root, this);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    /// <summary>The same agent, whose files belong to these ids of its namespace.</summary>
    internal FileAgent As(uint uid, uint gid) => new(whole ?? this, uid, gid);

    internal void Do(FileRequest request, FileDescriptor file, string path, params ReadOnlySpan<long> numbers) =>
        Ask(request, file, path, default, numbers, static (_, _) => true);

    internal void Do(FileRequest request, FileDescriptor file, string path, string name, long number = 0)
    {
        byte[] bytes = new byte[PathText.MaximumLength(name)];
        int length = PathText.Encode(name, bytes);
        Ask(request, file, path, bytes.AsSpan(0, length), [number], static (_, _) => true);
    }

    internal bool Find(FileRequest request, FileDescriptor file, string path) =>
        Ask(request, file, path, default, [], static (answer, _) => answer.Numbers[0] != 0);

    internal string Ask(FileRequest request, FileDescriptor file, string path) =>
        Ask(request, file, path, default, [], static (answer, _) => answer.Text);

    internal FileDescriptor Open(
        FileRequest request, FileDescriptor file, string path, int flags, uint mode, string operation) =>
        Ask(request, file, path, Encoding.ASCII.GetBytes(operation), [flags, mode], static (_, opened) => opened)
        ?? throw Gone();

    internal FileStatus GetStatus(FileDescriptor root, string path) =>
        Ask(FileRequest.ReadStatus, root, path, default, [], static (answer, _) => Status(answer));

    internal FileStatus GetFileStatus(FileDescriptor file, string path) =>
        Ask(FileRequest.ReadFileStatus, file, path, default, [], static (answer, _) => Status(answer));

    internal void SetXattr(
        FileRequest request, FileDescriptor file, string path, string name, ReadOnlySpan<byte> value)
    {
        byte[] data = [.. Encoding.UTF8.GetBytes(name), 0, .. value];
        Ask(request, file, path, data, [], static (_, _) => true);
    }

    internal IReadOnlyList<KeyValuePair<string, byte[]>> GetXattrs(FileDescriptor root, string path) =>
        Ask(FileRequest.GetXattrs, root, path, default, [], static (answer, file) =>
        {
            // Many of them do not fit a packet and come as a file.
            if (file is null) return FileXattrList.Parse(answer.Data);
            using (file) return FileXattrList.Parse(FileCalls.ReadAll(file, FileXattrList.Limit, "xattrs"));
        });

    private static FileStatus Status(FilePacket answer) => MemoryMarshal.Read<FileStatus>(answer.Data);

    private T Ask<T>(
        FileRequest request,
        FileDescriptor file,
        string path,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<long> numbers,
        Func<FilePacket, FileDescriptor?, T> read)
    {
        lock (access)
        {
            List<FileDescriptor> received = [];
            try
            {
                packet.Begin((int)request, path, numbers);
                packet.Ids = ids;
                packet.Add(data);
                socket.Send(packet.Bytes, file.Number);
                int length = socket.Receive(packet.Buffer, received);
                if (length == 0) throw Gone();
                packet.Parse(length);
            }
            catch (SystemCallException failure) when (failure.Errno is Errno.EPIPE or Errno.ECONNRESET)
            {
                throw Gone();
            }

            GC.KeepAlive(file);
            try
            {
                if (packet.Code != 0)
                {
                    string subject = packet.Data.IsEmpty ? path : packet.Text;
                    throw new SystemCallException(packet.Path, subject, (Errno)packet.Code);
                }

                FileDescriptor? opened = received.Count > 0 ? new FileDescriptor(received[0].Detach()) { Agent = this } : null;
                return read(packet, opened);
            }
            catch (ArgumentException)
            {
                throw new SystemCallException("psrun files", path, Errno.EPROTO);
            }
            finally
            {
                foreach (FileDescriptor left in received) left.Dispose();
            }
        }
    }

    private SystemCallException Gone()
    {
        (whole ?? this).isGone = true;
        return new SystemCallException("psrun files", null, Errno.ECONNRESET);
    }
}
