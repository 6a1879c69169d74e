using Container.Native.Syscalls;

namespace Container.Native.Files;

public sealed unsafe partial class RootDirectory
{
    /// <summary>Opens a directory, links followed inside the root.</summary>
    public FileDescriptor OpenDirectory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Resolve(path, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0, "open");
    }

    /// <summary>The directory as a root of its own, links on the way to it followed inside this one.</summary>
    public RootDirectory OpenRoot(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new RootDirectory(
            Resolve(path, FileCalls.O_PATH | FileCalls.O_DIRECTORY, 0, "open"), walk != 0, agent);
    }

    /// <summary>Makes one directory; a name that exists is EEXIST.</summary>
    public void MakeDirectory(string path, uint mode)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.MakeDirectory, root, path, mode);
            return;
        }

        using RootPlace place = Locate(path, "mkdir", whole: true);
        Check(Entries.mkdirat(place.Parent, place.Name, mode), "mkdir", path);
    }

    /// <summary>Makes a directory and those above it that are missing; links are followed inside the root.</summary>
    public void MakeDirectories(string path, uint mode = 0x1ED)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (agent is not null)
        {
            agent.Do(FileRequest.MakeDirectories, root, path, mode);
            return;
        }

        int length = PathText.MaximumLength(path);
        byte[] text = new byte[length + 2];
        text[0] = (byte)'/';
        PathText.Encode(path, text.AsSpan(1, length));
        int fd;
        fixed (byte* start = text)
        {
            fd = RootWalk.MakeDirectories(root.Number, start, mode, walk);
        }

        GC.KeepAlive(this);
        if (fd < 0) throw new SystemCallException("mkdir", path, (Errno)(-fd));
        RawFiles.Close(fd);
    }

    /// <summary>The entries of a directory, without "." and ".."; links on the way followed inside the root.</summary>
    public IReadOnlyList<RootEntry> Enumerate(string path)
    {
        using FileDescriptor directory = OpenDirectory(path);
        List<RootEntry> entries = [];
        DirectoryReader reader = new(directory.Number);
        try
        {
            while (reader.Next(path)) entries.Add(new RootEntry(PathText.Decode(reader.Name), reader.Kind));
        }
        finally
        {
            reader.Dispose();
        }

        return entries;
    }
}
