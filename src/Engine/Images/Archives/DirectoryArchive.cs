using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// A directory as a tar archive, in the order of the names: the same tree gives the same bytes. Hard links, owners and
/// extended attributes are kept; what is mounted below is left out, and so are sockets.
/// </summary>
/// <param name="directory">The directory.</param>
/// <param name="output">Where the archive goes.</param>
/// <param name="special">What becomes of files that give rights: a layer has them, an export where that is asked for.</param>
/// <param name="ids">What owners in the directory mean.</param>
internal sealed class DirectoryArchive(
    RootDirectory directory, Stream output, SpecialFiles special, IdShift? ids = null)
{
    private const int BufferSize = 1 << 18;
    private const string WhiteoutPrefix = ".wh.";
    private readonly IdShift shift = ids ?? IdShift.None;
    private readonly TarWriter writer = new(output);
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly Dictionary<(ulong Device, ulong Inode), string> links = [];

    /// <summary>Writes the whole archive.</summary>
    public void Write(CancellationToken cancellation)
    {
        FileMetadata root = directory.GetMetadata("/");
        Write("./", TarEntryKind.Directory, root, string.Empty);
        WriteEntries(string.Empty, root.MountId, cancellation);
        writer.Finish();
    }

    /// <summary>Writes a layer of these changes, with whiteouts for what is gone (image-spec, layer.md).</summary>
    public void WriteLayer(IEnumerable<LayerChange> changes, CancellationToken cancellation)
    {
        foreach ((string path, ChangeKind kind) in changes)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = path.TrimStart('/');
            if (kind == ChangeKind.Deleted)
            {
                string whiteout = ArchivePath.Join(ArchivePath.Parent(name), WhiteoutPrefix + ArchivePath.Last(name));
                writer.Write(new TarEntry { Kind = TarEntryKind.File, Name = whiteout });
                continue;
            }

            WalkFailure.Tolerate(path, () =>
            {
                FileMetadata metadata = directory.GetMetadata(name);
                if (metadata.Kind == FileKind.Directory)
                    Write(name.Length == 0 ? "./" : name + "/", TarEntryKind.Directory, metadata, string.Empty);
                else if (metadata.Kind != FileKind.Socket)
                    WriteFile(name, metadata, cancellation);
            });
        }

        writer.Finish();
    }

    private void WriteEntries(string parent, ulong mountId, CancellationToken cancellation)
    {
        IEnumerable<string> names = directory.Enumerate(parent).Select(entry => entry.Name);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            string path = ArchivePath.Join(parent, name);
            WalkFailure.Tolerate(path, () => WriteEntry(path, mountId, cancellation));
        }
    }

    private void WriteEntry(string path, ulong mountId, CancellationToken cancellation)
    {
        FileMetadata metadata = directory.GetMetadata(path);
        bool foreign = metadata.MountId != mountId;
        if (metadata.Kind == FileKind.Directory)
        {
            Write(path + "/", TarEntryKind.Directory, metadata, string.Empty);
            if (!foreign) WriteEntries(path, mountId, cancellation);
        }
        else if (!foreign && metadata.Kind != FileKind.Socket)
        {
            WriteFile(path, metadata, cancellation);
        }
    }

    private void WriteFile(string path, FileMetadata metadata, CancellationToken cancellation)
    {
        if (!special.Admits(metadata, path)) return;
        if (metadata.LinkCount > 1 && links.TryGetValue((metadata.Device, metadata.Inode), out string? first))
        {
            Write(path, TarEntryKind.HardLink, metadata, first);
            return;
        }

        WriteFirst(path, metadata, cancellation);
        if (metadata.LinkCount > 1) links.Add((metadata.Device, metadata.Inode), path);
    }

    private void WriteFirst(string path, FileMetadata metadata, CancellationToken cancellation)
    {
        switch (metadata.Kind)
        {
            case FileKind.SymbolicLink:
                Write(path, TarEntryKind.SymbolicLink, metadata, directory.ReadLink(path));
                return;
            case FileKind.CharacterDevice:
                Write(path, TarEntryKind.CharacterDevice, metadata, string.Empty);
                return;
            case FileKind.BlockDevice:
                Write(path, TarEntryKind.BlockDevice, metadata, string.Empty);
                return;
            case FileKind.Fifo:
                Write(path, TarEntryKind.Fifo, metadata, string.Empty);
                return;
            default:
                WriteContent(path, cancellation);
                return;
        }
    }

    private void WriteContent(string path, CancellationToken cancellation)
    {
        using FileDescriptor file = directory.OpenFile(path);
        FileMetadata metadata = file.GetMetadata(path);
        IReadOnlyList<FileSegment>? segments = FileSegment.Find(file, metadata, path);
        Write(path, TarEntryKind.File, metadata, string.Empty, segments);
        try
        {
            foreach ((long offset, long length) in segments ?? [new FileSegment(0, metadata.Size)])
            {
                file.Seek(offset, path);
                Copy(file, length, path, cancellation);
            }
        }
        catch (SystemCallException failure)
        {
            // Its header is written, so that nobody can go on without its content.
            throw EngineException.From(failure, path);
        }

        writer.Pad();
    }

    private void Copy(FileDescriptor file, long left, string path, CancellationToken cancellation)
    {
        bool isShort = false;
        while (left > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = isShort ? 0 : file.Read(buffer.AsSpan(0, (int)Math.Min(left, BufferSize)), path);
            if (count == 0)
            {
                // The header has said how much there is: what is gone meanwhile is zeros, as with tar(1).
                count = (int)Math.Min(left, BufferSize);
                buffer.AsSpan(0, count).Clear();
                if (!isShort) EngineWarning.Say($"The file '{path}' became shorter while it was read; zeros take the place of the rest.");
                isShort = true;
            }

            output.Write(buffer, 0, count);
            left -= count;
        }
    }

    private void Write(
        string path,
        TarEntryKind kind,
        FileMetadata metadata,
        string link,
        IReadOnlyList<FileSegment>? segments = null)
    {
        (uint uid, uint gid) = shift.ToContainer(metadata.Uid, metadata.Gid);
        writer.Write(new TarEntry
        {
            Kind = kind,
            Name = path,
            LinkName = link,
            Mode = special.Mode(metadata, path),
            Uid = uid,
            Gid = gid,
            Size = kind == TarEntryKind.File ? metadata.Size : 0,
            Segments = segments,
            ModifiedAt = metadata.ModifiedAt,
            Major = metadata.MajorNumber,
            Minor = metadata.MinorNumber,
            Xattrs = kind == TarEntryKind.HardLink ? [] : special.Attributes(directory, path),
        });
    }
}
