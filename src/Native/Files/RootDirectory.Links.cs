using Container.Native.Syscalls;

namespace Container.Native.Files;

public sealed unsafe partial class RootDirectory
{
    private const int PathSize = 4096;

    /// <summary>The text of a symbolic link.</summary>
    public string ReadLink(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null) return agent.Ask(FileRequest.ReadLink, root, path);
        using RootPlace place = Locate(path, "readlink");
        byte* buffer = stackalloc byte[PathSize];
        nint length = Entries.readlinkat(place.Parent, place.Name, buffer, PathSize);
        SystemCallException.Check(length, "readlink", path);
        return PathText.Decode(new ReadOnlySpan<byte>(buffer, (int)length));
    }

    /// <summary>Makes a symbolic link with this text, whatever it says.</summary>
    public void Symlink(string target, string path)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.Symlink, root, path, target);
            return;
        }

        byte[] text = new byte[PathText.MaximumLength(target) + 1];
        PathText.Encode(target, text);
        using RootPlace place = Locate(path, "symlink");
        fixed (byte* start = text)
        {
            Check(Entries.symlinkat(start, place.Parent, place.Name), "symlink", path);
        }
    }

    /// <summary>Gives a file a second name; neither name is followed if it is a link.</summary>
    public void HardLink(string existing, string path)
    {
        ArgumentNullException.ThrowIfNull(existing);
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.HardLink, root, path, existing);
            return;
        }

        using RootPlace source = Locate(existing, "link");
        using RootPlace place = Locate(path, "link");
        Check(Entries.linkat(source.Parent, source.Name, place.Parent, place.Name, 0), "link", path);
    }

    /// <summary>Makes a FIFO, a socket or a device node.</summary>
    public void MakeNode(string path, FileKind kind, uint mode, uint major = 0, uint minor = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.MakeNode, root, path, (long)kind, mode, major, minor);
            return;
        }

        using RootPlace place = Locate(path, "mknod");
        ulong device = DeviceNumber(major, minor);
        Check(Entries.mknodat(place.Parent, place.Name, (uint)kind | mode, device), "mknod", path);
    }

    /// <summary>Renames inside the root; what has the new name is replaced unless it must not exist.</summary>
    public void Rename(string path, string newPath, bool replace = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(newPath);
        if (agent is not null)
        {
            agent.Do(FileRequest.Rename, root, path, newPath, replace ? 1 : 0);
            return;
        }

        using RootPlace source = Locate(path, "rename");
        using RootPlace target = Locate(newPath, "rename");
        uint flags = replace ? 0 : FileCalls.RENAME_NOREPLACE;
        Check(Entries.renameat2(source.Parent, source.Name, target.Parent, target.Name, flags), "rename", path);
    }

    // The dev_t of makedev(3), which glibc and the kernel's huge encoding agree on.
    private static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8)
        | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
}
