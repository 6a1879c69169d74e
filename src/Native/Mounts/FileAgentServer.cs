using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Files;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>The other end of <see cref="FileAgent"/>: serves one client until it goes.</summary>
internal sealed class FileAgentServer(PacketSocket socket)
{
    // What is left of a packet for attributes.
    private const int InlineLength = PacketSocket.MaximumLength / 2;

    private readonly FilePacket packet = new();

    /// <summary>Answers requests until the client has gone.</summary>
    public void Run()
    {
        while (true)
        {
            List<FileDescriptor> received = [];
            int length = socket.Receive(packet.Buffer, received);
            if (length == 0) return;
            try
            {
                packet.Parse(length);
                if (received.Count == 0) throw new SystemCallException("recvmsg", null, Errno.EBADF);
                (uint uid, uint gid) = packet.Ids;
                using FileSystemIds? ids = uid == 0 && gid == 0 ? null : FileSystemIds.Become(uid, gid);
                using FileDescriptor? file = Serve((FileRequest)packet.Code, received[0]);
                if (file is null) socket.Send(packet.Bytes);
                else socket.Send(packet.Bytes, file.Number);
            }
            catch (SystemCallException failure) when (failure.Errno is not (Errno.EPIPE or Errno.ECONNRESET))
            {
                Refuse(failure.Errno, failure.Operation, failure.Path);
            }
            catch (ArgumentException failure)
            {
                Refuse(Errno.EINVAL, failure.Message, null);
            }
            finally
            {
                for (int i = 0; i < received.Count; i++) received[i].Dispose();
            }
        }
    }

    // What failed may be words of the request that fit no packet.
    private void Refuse(Errno errno, string operation, string? path)
    {
        try
        {
            packet.Begin((int)errno, operation);
            if (path is not null) packet.Add(path);
        }
        catch (Exception failure) when (failure is ArgumentException or SystemCallException)
        {
            packet.Begin((int)errno, "request");
        }

        socket.Send(packet.Bytes);
    }

    private FileDescriptor? Serve(FileRequest request, FileDescriptor file)
    {
        string path = packet.Path;
        long a = packet.Numbers[0];
        if (request >= FileRequest.ReadFileStatus)
        {
            FileDescriptor? layers = ServeFile(request, file, path, a);
            if (request != FileRequest.ReadFileStatus) packet.Begin(0, "");
            return layers;
        }

        using RootDirectory root = RootDirectory.FromDescriptor(file.Duplicate());
        switch (request)
        {
            case FileRequest.Resolve:
                return Opened(root.Resolve(path, Unblocked(a), (uint)packet.Numbers[1], packet.Text));
            case FileRequest.OpenEntry:
                return Opened(root.OpenEntry(path, Unblocked(a), (uint)packet.Numbers[1], packet.Text));
            case FileRequest.ReadLink:
                string text = root.ReadLink(path);
                packet.Begin(0, "");
                packet.Add(text);
                return null;
            case FileRequest.ReadStatus:
                Describe(root.ReadStatus(path));
                return null;
            case FileRequest.GetXattrs:
                return Attributes(FileXattrList.Write(root.GetXattrs(path)));
            case FileRequest.RemoveIfEmpty:
                packet.Begin(0, "", root.RemoveIfEmpty(path) ? 1 : 0);
                return null;
            default:
                Change(request, root, path);
                packet.Begin(0, "");
                return null;
        }
    }

    private void Change(FileRequest request, RootDirectory root, string path)
    {
        long a = packet.Numbers[0];
        long b = packet.Numbers[1];
        switch (request)
        {
            case FileRequest.MakeDirectory:
                root.MakeDirectory(path, (uint)a);
                return;
            case FileRequest.MakeDirectories:
                root.MakeDirectories(path, (uint)a);
                return;
            case FileRequest.Symlink:
                root.Symlink(packet.Text, path);
                return;
            case FileRequest.HardLink:
                root.HardLink(packet.Text, path);
                return;
            case FileRequest.MakeNode:
                root.MakeNode(path, (FileKind)a, (uint)b, (uint)packet.Numbers[2], (uint)packet.Numbers[3]);
                return;
            case FileRequest.Rename:
                root.Rename(path, packet.Text, a != 0);
                return;
            case FileRequest.SetOwner:
                root.SetOwner(path, (uint)a, (uint)b);
                return;
            case FileRequest.SetMode:
                root.SetMode(path, (uint)a);
                return;
            case FileRequest.SetTimes:
                root.SetTimes(path, new FileTime(a, (uint)b));
                return;
            case FileRequest.SetXattr:
                int end = packet.Data.IndexOf((byte)0);
                root.SetXattr(path, Encoding.UTF8.GetString(packet.Data[..end]), packet.Data[(end + 1)..]);
                return;
            case FileRequest.Remove:
                root.Remove(path);
                return;
            default:
                throw new SystemCallException($"request {request}", path, Errno.ENOSYS);
        }
    }

    private FileDescriptor? ServeFile(FileRequest request, FileDescriptor file, string path, long a)
    {
        switch (request)
        {
            case FileRequest.ReadFileStatus:
                Describe(DescriptorExtensions.ReadStatus(file, path));
                return null;
            case FileRequest.SetFileOwner:
                file.SetOwner((uint)a, (uint)packet.Numbers[1], path);
                return null;
            case FileRequest.SetFileMode:
                file.SetMode((uint)a, path);
                return null;
            case FileRequest.SetFileTimes:
                file.SetTimes(new FileTime(a, (uint)packet.Numbers[1]), path);
                return null;
            case FileRequest.SetFileXattr:
                int end = packet.Data.IndexOf((byte)0);
                file.SetXattr(Encoding.UTF8.GetString(packet.Data[..end]), packet.Data[(end + 1)..], path);
                return null;
            case FileRequest.OpenLayers:
                string[] parts = Encoding.UTF8.GetString(packet.Data).Split('\0');
                return parts[0].Length == 0
                    ? LayerMount.OpenDescriptor(parts[1..])
                    : OverlayMount.Create(parts[1..], parts[0], userNamespace: null);
            default:
                throw new SystemCallException($"request {request}", path, Errno.ENOSYS);
        }
    }

    // Who waits in open(2), for the other end of a FIFO, serves nobody.
    private static int Unblocked(long flags) =>
        (flags & FileCalls.O_PATH) != 0 ? (int)flags : (int)flags | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY;

    private FileDescriptor Opened(FileDescriptor file)
    {
        packet.Begin(0, "");
        return file;
    }

    private void Describe(FileStatus status)
    {
        packet.Begin(0, "");
        packet.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<FileStatus>(in status)));
    }

    private FileDescriptor? Attributes(byte[] list)
    {
        packet.Begin(0, "");
        if (list.Length <= InlineLength)
        {
            packet.Add(list);
            return null;
        }

        FileDescriptor file = Memfd.Create("xattrs");
        FileCalls.WriteAll(file.Number, list, "xattrs");
        _ = FileCalls.lseek(file.Number, 0, FileCalls.SEEK_SET);
        return file;
    }
}
