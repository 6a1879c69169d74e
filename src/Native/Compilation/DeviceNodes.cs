using System.Globalization;
using Container.Native.IdMapping;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Nodes for a container that can make none, in a file system that is the host's, as devices take, and that no mount
/// namespace shows. Only what is bound of it stays.
/// </summary>
internal sealed class DeviceNodes : IDisposable
{
    private FileDescriptor? directory;
    private bool isImpossible;
    private int count;

    /// <summary>
    /// A copy of the mount of a new node, with the ids the document's have on the host; null without the capability: then
    /// it is the host's that is bound.
    /// </summary>
    public FileDescriptor? TryMake(OciDevice device, OciLinux linux)
    {
        if (isImpossible) return null;
        try
        {
            return Make(device, linux);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.EPERM or Errno.EACCES or Errno.EINVAL)
        {
            isImpossible = true;
            return null;
        }
    }

    public void Dispose() => directory?.Dispose();

    private unsafe FileDescriptor Make(OciDevice device, OciLinux linux)
    {
        if (directory is null)
        {
            using FileDescriptor context = Mount.OpenFileSystem("tmpfs");
            directory = Mount.CreateMount(context, 0, "tmpfs");
        }

        string name = count++.ToString(CultureInfo.InvariantCulture);
        uint mode = DeviceCompiler.Mode(device);
        ulong number = FileNumbers.MakeDevice(device.Major, device.Minor);
        SystemCallException.Check(FileCalls.mknodat(directory.Number, name, mode, number), "mknod", device.Path);
        uint uid = IdMaps.HostId(linux.UidMappings, device.Uid ?? 0);
        uint gid = IdMaps.HostId(linux.GidMappings, device.Gid ?? 0);
        SystemCallException.Check(
            FileCalls.fchownat(directory.Number, name, uid, gid, FileCalls.AT_SYMLINK_NOFOLLOW), "chown", device.Path);

        // mknod(2) takes our umask off.
        fixed (byte* node = Utf8.Terminated(name))
            SystemCallException.Check(Entries.fchmodat(directory.Number, node, mode & 0xFFF, 0), "chmod", device.Path);
        return Copy(directory, name);
    }

    // Before Linux 6.15 only what is attached in the caller's namespace can be copied, and when we have left that again
    // it cannot be attached once more: the next node gets another file system.
    private FileDescriptor Copy(FileDescriptor nodes, string name)
    {
        try
        {
            return Mount.OpenTree(name, Mount.OPEN_TREE_CLONE, nodes);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EINVAL)
        {
            directory = null;
            using (nodes)
            using (LayerPlaces places = LayerPlaces.Enter())
            {
                places.Attach(nodes);
                return Mount.OpenTree(name, Mount.OPEN_TREE_CLONE, nodes);
            }
        }
    }
}
