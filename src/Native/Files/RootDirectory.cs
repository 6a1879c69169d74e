using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// A directory whose content is not trusted: a container's root, an image layer, a volume. The only way any code
/// touches a path inside one.
/// <para>
/// Every path is resolved inside the directory, as after chroot(2) but without its holes: "..", absolute and chained
/// links end inside, magic links of procfs are refused. The directory of the last component is held open and the last
/// component handed to one *at call that does not follow links, unless the method says it does.
/// </para>
/// </summary>
public sealed unsafe partial class RootDirectory : IDisposable
{
    private readonly FileDescriptor root;
    private readonly int walk;
    private readonly FileAgent? agent;

    private RootDirectory(FileDescriptor root, bool walk, FileAgent? agent = null)
    {
        this.root = root;
        this.walk = walk ? 1 : 0;
        this.agent = agent;
    }

    /// <summary>Opens a directory of the host as a root; the path to it is trusted.</summary>
    /// <param name="path">The host path.</param>
    /// <param name="walk">Whether to do without openat2(2) even where the kernel has it.</param>
    public static RootDirectory Open(string path, bool walk = false) =>
        new(FileCalls.Open(path, FileCalls.O_PATH | FileCalls.O_DIRECTORY), walk);

    /// <summary>Takes ownership of a descriptor of the directory.</summary>
    /// <param name="directory">A descriptor, O_PATH or not.</param>
    /// <param name="walk">Whether to do without openat2(2) even where the kernel has it.</param>
    public static RootDirectory FromDescriptor(FileDescriptor directory, bool walk = false)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new RootDirectory(directory, walk);
    }

    /// <summary>Takes ownership of a descriptor of a directory whose files another process reaches for us.</summary>
    /// <param name="directory">A descriptor, O_PATH or not.</param>
    /// <param name="agent">Who does everything to the files; their owners are as it sees them.</param>
    public static RootDirectory FromDescriptor(FileDescriptor directory, FileAgent agent)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(agent);
        return new RootDirectory(directory, walk: false, agent);
    }

    /// <summary>The directory's own descriptor; it stays this object's.</summary>
    public FileDescriptor Descriptor => root;

    /// <summary>Whether another process does everything to the files, in a user namespace.</summary>
    public bool IsReachedByAgent => agent is not null;

    /// <summary>The same directory, in which what the agent makes belongs to these ids of its namespace.</summary>
    public RootDirectory As(uint uid, uint gid) => agent is null
        ? throw new InvalidOperationException("there is no agent: FileSystemIds does this for a thread of ours")
        : new RootDirectory(root.Duplicate(), walk != 0, agent.As(uid, gid));

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    // Follows links to the end, inside the root.
    internal FileDescriptor Resolve(string path, int flags, uint mode, string operation)
    {
        if (agent is not null) return agent.Open(FileRequest.Resolve, root, path, flags, mode, operation);
        int length = PathText.MaximumLength(path);
        byte[] text = new byte[length + 2];
        text[0] = (byte)'/';
        length = PathText.Encode(path, text.AsSpan(1, length)) + 1;
        int fd;
        fixed (byte* start = text)
        {
            fd = DeepPath.Open(root.Number, start, length, (ulong)(uint)flags, mode, walk);
        }

        GC.KeepAlive(this);
        return fd < 0 ? throw new SystemCallException(operation, path, (Errno)(-fd)) : new FileDescriptor(fd);
    }

    private RootPlace Locate(string path, string operation, bool whole = false) =>
        new(root.Number, path, walk, operation, whole);

    // The failure of the P/Invoke just made on path; the place must not be disposed before the number is read.
    private static void Check(int result, string operation, string path) =>
        SystemCallException.Check(result, operation, path);
}
