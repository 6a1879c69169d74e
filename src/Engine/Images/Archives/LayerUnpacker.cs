using Container.Engine.Files;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// Unpacks the tar of one layer into a tree that nobody else uses yet. Every path goes through
/// <see cref="RootDirectory"/>, so that links in the archive lead to places in the tree and nowhere else; owners,
/// modes, times and extended attributes are kept as the archive has them. Whiteouts become overlayfs's own.
/// </summary>
internal sealed partial class LayerUnpacker
{
    private const int ProgressBytes = 16 << 20;
    private const uint DefaultMode = 0x1ED;

    private readonly RootDirectory tree;
    private readonly ArchiveSource source;
    private readonly ArchiveLimits limits;
    private readonly TarReader reader;
    private readonly Action<long>? progress;
    private readonly bool privileged;
    private readonly string opaqueXattr;
    private readonly Dictionary<string, (uint Mode, FileTime Time)> directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);
    private readonly HashSet<string> hidden = new(StringComparer.Ordinal);
    private readonly HashSet<string> implied = new(StringComparer.Ordinal);
    private long directoryNames;
    private long reported;

    public LayerUnpacker(RootDirectory tree, ArchiveSource source, ArchiveLimits limits, Action<long>? progress = null)
    {
        this.tree = tree;
        this.source = source;
        this.limits = limits;
        this.progress = progress;
        reader = new TarReader(source, limits);
        privileged = Environment.IsPrivilegedProcess || tree.IsReachedByAgent;
        opaqueXattr = OverlayXattr.Opaque(tree.IsReachedByAgent);
    }

    /// <summary>Whether names that begin with ".wh." are an image layer's whiteouts.</summary>
    public bool IsLayer { get; init; } = true;

    /// <summary>How many entries the archive has.</summary>
    public long Entries { get; private set; }

    /// <summary>Bytes of the files, holes included.</summary>
    public long ContentSize { get; private set; }

    /// <summary>
    /// Directories that are there for what they hold, which the archive does not name itself; empty for the root.
    /// </summary>
    public IReadOnlyCollection<string> Implied => implied;

    /// <summary>Unpacks everything.</summary>
    public void Run(CancellationToken cancellation)
    {
        implied.Add(string.Empty);
        while (reader.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++Entries > limits.Entries)
                throw ArchiveFailure.TooLarge($"it has more than {limits.Entries:N0} entries");
            Guard(entry.Name, () => Unpack(entry, cancellation));
            Report();
        }

        Guard(WhiteoutPrefix, RemoveIdleWhiteouts);
        foreach ((string path, (uint mode, FileTime time)) in directories)
        {
            Guard(path, () => FinishDirectory(path, mode, time));
        }
    }

    private void Unpack(TarEntry entry, CancellationToken cancellation)
    {
        string path = ArchivePath.Normalize(entry.Name);
        string name = ArchivePath.Last(path);
        if (IsLayer && name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
        {
            UnpackWhiteout(path, name);
            return;
        }

        if (path.Length == 0 && entry.Kind != TarEntryKind.Directory)
            throw ArchiveFailure.Invalid("its root is no directory");
        if (entry.Kind == TarEntryKind.Directory) UnpackDirectory(entry, path);
        else if (entry.Kind == TarEntryKind.File) UnpackFile(entry, path, cancellation);
        else UnpackOther(entry, path);
    }

    private void UnpackDirectory(TarEntry entry, string path)
    {
        if (path.Length > 0) MakeDirectory(path);
        if (privileged) tree.SetOwner(path, entry.Uid, entry.Gid);
        SetXattrs(entry, (name, value) => tree.SetXattr(path, name, value));

        // In the end: what is unpacked into it changes the time, and a mode may forbid to unpack into it.
        directories[path] = (entry.Mode, entry.ModifiedAt);
        implied.Remove(path);
        Count(path);
    }

    private void Count(string path)
    {
        directoryNames += path.Length;
        if (directoryNames > limits.DirectoryNames)
            throw ArchiveFailure.TooLarge($"the names of its directories have more than {limits.DirectoryNames:N0} characters");
    }

    private void UnpackFile(TarEntry entry, string path, CancellationToken cancellation)
    {
        ContentSize += entry.Size;
        if (ContentSize > limits.Bytes)
            throw ArchiveFailure.TooLarge($"its files have more than {limits.Bytes:N0} bytes");
        using FileDescriptor file = Make(path, () => tree.CreateFile(path, 0x180));
        if (entry.Segments is null) CopyWhole(file, entry.Size, path, cancellation);
        else CopySparse(file, entry, path, cancellation);

        // chown(2) clears set-user-id bits and capabilities, writing clears them too: this order.
        if (privileged) file.SetOwner(entry.Uid, entry.Gid, path);
        SetXattrs(entry, (name, value) => file.SetXattr(name, value, path));
        file.SetMode(entry.Mode, path);
        file.SetTimes(entry.ModifiedAt, path);
    }

    private void UnpackOther(TarEntry entry, string path)
    {
        switch (entry.Kind)
        {
            case TarEntryKind.HardLink:
                string existing = ArchivePath.Normalize(entry.LinkName);
                if (existing == path) return;
                Make(path, () => tree.HardLink(existing, path));
                return;
            case TarEntryKind.SymbolicLink:
                if (entry.LinkName.Length == 0) throw ArchiveFailure.Invalid("a symbolic link leads nowhere");
                Make(path, () => tree.Symlink(entry.LinkName, path));
                break;
            case TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice when tree.IsReachedByAgent:
                // Only root of the host makes device nodes, and a container has those of its own /dev.
                return;
            default:
                Make(path, () => tree.MakeNode(path, NodeKind(entry.Kind), 0x180, entry.Major, entry.Minor));
                break;
        }

        if (privileged) tree.SetOwner(path, entry.Uid, entry.Gid);
        SetXattrs(entry, (name, value) => tree.SetXattr(path, name, value));
        if (entry.Kind != TarEntryKind.SymbolicLink) tree.SetMode(path, entry.Mode);
        tree.SetTimes(path, entry.ModifiedAt);
    }

    private static FileKind NodeKind(TarEntryKind kind) => kind switch
    {
        TarEntryKind.CharacterDevice => FileKind.CharacterDevice,
        TarEntryKind.BlockDevice => FileKind.BlockDevice,
        _ => FileKind.Fifo,
    };

    private void CopyWhole(FileDescriptor file, long size, string path, CancellationToken cancellation)
    {
        if (size == 0) return;
        source.Recorder?.BeginFile(path, size);
        Copy(file, size, path, cancellation);
        source.Recorder?.EndFile();
    }

    private void Copy(FileDescriptor file, long count, string path, CancellationToken cancellation)
    {
        while (count > 0)
        {
            ReadOnlySpan<byte> data = reader.Take(count);
            if (data.IsEmpty) throw ArchiveSource.Truncated();
            file.Write(data, path);
            count -= data.Length;
            cancellation.ThrowIfCancellationRequested();
            Report();
        }
    }

    private void CopySparse(FileDescriptor file, TarEntry entry, string path, CancellationToken cancellation)
    {
        long position = 0;
        foreach (FileSegment segment in entry.Segments!)
        {
            file.Skip(segment.Offset - position, path);
            Copy(file, segment.Length, path, cancellation);
            position = segment.Offset + segment.Length;
        }

        file.SetLength(entry.Size, path);
    }

    private void FinishDirectory(string path, uint mode, FileTime time)
    {
        // A later entry may have put something else there.
        if (tree.FindMetadata(path) is not { Kind: FileKind.Directory }) return;
        tree.SetMode(path, mode);
        tree.SetTimes(path, time);
    }

    private void Report()
    {
        if (progress is null || source.Position - reported < ProgressBytes) return;
        reported = source.Position;
        progress(Entries);
    }

    private static void Guard(string name, Action action)
    {
        try
        {
            action();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EROFS
            or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.EIO)
        {
            throw StoreFailure.Describe(failure, name);
        }
        catch (SystemCallException failure) when (failure is { Errno: Errno.EINVAL, Operation: "chown" }
            && UserIds.Current is not null)
        {
            throw UserIdsFailure.Describe(name, failure);
        }
        catch (SystemCallException failure)
        {
            throw ArchiveFailure.Invalid($"entry '{name}': {failure.Message}", failure);
        }
        catch (ArgumentException failure)
        {
            throw ArchiveFailure.Invalid($"entry '{name}': {failure.Message}", failure);
        }
    }
}
