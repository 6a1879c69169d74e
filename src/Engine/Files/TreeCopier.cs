using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Files;

/// <summary>
/// Copies files and trees from one root to another. Every path is resolved inside its root, links are copied and never
/// followed, and what is exchanged under the copy's hands ends inside too (CVE-2018-15664, CVE-2026-41568).
/// </summary>
internal sealed class TreeCopier(
    RootDirectory source, RootDirectory target, CopyOptions options, CancellationToken cancellation)
{
    private const string NotStored = "nothing that was stored: the kernel makes it up when it is read";
    private const int BufferSize = 1 << 20;
    private const int ProgressBytes = 16 << 20;
    private const uint Private = 0x180;
    private const uint PrivateDirectory = 0x1C0;

    private readonly SpecialFiles special = new(options.Special);
    private readonly HashSet<ulong> stored = [];
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly Dictionary<(ulong Device, ulong Inode), string> links = [];
    private long reported;

    /// <summary>Bytes of files copied so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files, directories and links made so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Copies what has the name, a directory with all it holds.</summary>
    /// <param name="from">In the source.</param>
    /// <param name="to">In the target.</param>
    /// <param name="follow">Whether a link is taken for what it leads to; links further down never are.</param>
    public void Copy(string from, string to, bool follow = false)
    {
        cancellation.ThrowIfCancellationRequested();
        FileMetadata metadata = follow ? source.GetTargetMetadata(from) : source.GetMetadata(from);
        switch (metadata.Kind)
        {
            case FileKind.Directory:
                CopyDirectory(from, to, metadata);
                break;
            case FileKind.File:
                CopyFile(from, to);
                break;
            case FileKind.SymbolicLink:
                Make(to, () => target.Symlink(source.ReadLink(from), to));
                FinishOther(from, to, metadata);
                break;
            case FileKind.CharacterDevice or FileKind.BlockDevice when !options.Special:
                throw Refuse(from, "a device, which only -IncludeSpecial copies");
            case FileKind.Socket:
                throw Refuse(from, "a socket, which belongs to the process that made it");
            default:
                Make(to, () => target.MakeNode(
                    to, metadata.Kind, Private, metadata.MajorNumber, metadata.MinorNumber));
                FinishOther(from, to, metadata);
                break;
        }

        Entries++;
    }

    /// <summary>Copies what a directory holds into one that is there.</summary>
    public void CopyContent(string from, string to)
    {
        foreach (RootEntry entry in source.Enumerate(from))
        {
            string path = Join(from, entry.Name);
            try
            {
                if (options.Strict) Copy(path, Join(to, entry.Name));
                else WalkFailure.Tolerate(path, () => Copy(path, Join(to, entry.Name)));
            }
            catch (EngineException failure) when (failure.Target is string refused && refused == path)
            {
                EngineWarning.Say(failure.Message);
            }
        }
    }

    /// <summary>Gives a directory the owner, mode and times of another.</summary>
    public void CopyMetadata(string from, string to) => FinishOther(from, to, source.GetMetadata(from));

    private FileDescriptor Open(string from)
    {
        try
        {
            return source.OpenFile(from, options.Generated);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EINVAL)
        {
            throw Refuse(from, NotStored);
        }
    }

    // Once for each mount, so that a tree of thousands of files is one warning.
    private void RequireStored(string from, ulong mount)
    {
        if (options.Generated || !stored.Add(mount)) return;
        using FileDescriptor directory = source.OpenDirectory(from);
        if (!directory.IsGenerated(from)) return;
        stored.Remove(mount);
        throw Refuse(from, NotStored);
    }

    private void CopyDirectory(string from, string to, FileMetadata metadata)
    {
        RequireStored(from, metadata.MountId);
        bool existed = target.FindMetadata(to) is { Kind: FileKind.Directory };
        if (!existed) Make(to, () => target.MakeDirectory(to, PrivateDirectory));
        if (options.Recurse) CopyContent(from, to);

        // A directory that was there keeps what it is, as with cp(1); the times and mode of a new one come last.
        if (!existed) FinishOther(from, to, metadata);
    }

    private void CopyFile(string from, string to)
    {
        using FileDescriptor input = Open(from);
        FileMetadata metadata = input.GetMetadata(from);
        if (metadata.LinkCount > 1)
        {
            if (links.TryGetValue((metadata.Device, metadata.Inode), out string? first))
            {
                Make(to, () => target.HardLink(first, to));
                return;
            }

            links.Add((metadata.Device, metadata.Inode), to);
        }

        WholeFile.Create(target, to, output => Fill(input, output, from, to, metadata));
    }

    private void Fill(FileDescriptor input, FileDescriptor output, string from, string to, FileMetadata metadata)
    {
        if (FileSegment.Find(input, metadata, from) is { } segments)
        {
            foreach ((long offset, long length) in segments)
            {
                input.Seek(offset, from);
                output.Seek(offset, to);
                CopyBytes(input, output, length, from, to);
            }

            output.SetLength(metadata.Size, to);
        }
        else
        {
            // The kernel's own files have no size. A container's ends where it ended when it was opened: it may grow as
            // fast as it is read.
            CopyBytes(input, output, options.Generated ? long.MaxValue : metadata.Size, from, to);
        }

        // chown(2) and write(2) clear set-user-id bits and capabilities: the mode comes after both.
        if (options.Owner is not null)
        {
            (uint uid, uint gid) = options.Owner(metadata.Uid, metadata.Gid);
            output.SetOwner(uid, gid, to);
        }

        if (options.Attributes)
        {
            foreach ((string name, byte[] value) in special.Attributes(source, from)) output.SetXattr(name, value, to);
        }

        output.SetMode(special.Mode(metadata, from), to);
        output.SetTimes(metadata.ModifiedAt, to);
    }

    private void CopyBytes(FileDescriptor input, FileDescriptor output, long length, string from, string to)
    {
        while (length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = input.Read(buffer.AsSpan(0, (int)Math.Min(length, BufferSize)), from);
            if (count == 0) return;
            output.Write(buffer.AsSpan(0, count), to);
            length -= count;
            Bytes += count;
            Report();
        }
    }

    private static EngineException Refuse(string path, string what) => new(
        ErrorId.InvalidConfiguration, $"'{path}' is not copied: it is {what}.", target: path);

    private void FinishOther(string from, string to, FileMetadata metadata)
    {
        if (options.Owner is not null)
        {
            (uint uid, uint gid) = options.Owner(metadata.Uid, metadata.Gid);
            target.SetOwner(to, uid, gid);
        }

        if (options.Attributes && metadata.Kind == FileKind.Directory)
        {
            foreach ((string name, byte[] value) in special.Attributes(source, from)) target.SetXattr(to, name, value);
        }

        if (metadata.Kind != FileKind.SymbolicLink) target.SetMode(to, special.Mode(metadata, from));
        target.SetTimes(to, metadata.ModifiedAt);
    }

    private void Make(string to, Action make)
    {
        try
        {
            make();
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
        {
            if (target.FindMetadata(to) is { Kind: FileKind.Directory }) throw;
            target.Remove(to);
            make();
        }
    }

    private void Report()
    {
        if (options.Progress is null || Bytes - reported < ProgressBytes) return;
        reported = Bytes;
        options.Progress(Bytes);
    }

    private static string Join(string directory, string name) => directory.TrimEnd('/') + "/" + name;
}
