using Container.Engine.Files;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// A directory as a tar archive, in the order of the names: the same tree gives the same bytes. Hard links, owners and
/// extended attributes are kept; what is mounted below is left out, and so are sockets.
/// </summary>
internal sealed class DirectoryArchive(RootDirectory directory, Stream output, IdShift? ids = null)
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

            FileMetadata metadata = directory.GetMetadata(name);
            if (metadata.Kind == FileKind.Directory) Write(name + "/", TarEntryKind.Directory, metadata, string.Empty);
            else if (metadata.Kind != FileKind.Socket) WriteFile(name, metadata);
        }

        writer.Finish();
    }

    private void WriteEntries(string parent, ulong mountId, CancellationToken cancellation)
    {
        IEnumerable<string> names = directory.Enumerate(parent).Select(entry => entry.Name);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                WriteEntry(ArchivePath.Join(parent, name), mountId, cancellation);
            }
            catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
            {
                // A container that runs removed it meanwhile; its header is not written yet.
            }
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
            WriteFile(path, metadata);
        }
    }

    private void WriteFile(string path, FileMetadata metadata)
    {
        if (metadata.LinkCount > 1 && !links.TryAdd((metadata.Device, metadata.Inode), path))
        {
            Write(path, TarEntryKind.HardLink, metadata, links[(metadata.Device, metadata.Inode)]);
            return;
        }

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
                WriteContent(path);
                return;
        }
    }

    private void WriteContent(string path)
    {
        using FileDescriptor file = directory.OpenFile(path);
        FileMetadata metadata = file.GetMetadata(path);
        Write(path, TarEntryKind.File, metadata, string.Empty);
        long left = metadata.Size;
        while (left > 0)
        {
            int count = file.Read(buffer.AsSpan(0, (int)Math.Min(left, BufferSize)), path);
            if (count == 0)
            {
                throw new EngineException(
                    ErrorId.ArchiveInvalid, $"The file '{path}' became shorter while it was read.", null, path);
            }

            output.Write(buffer, 0, count);
            left -= count;
        }

        writer.Pad(metadata.Size);
    }

    private void Write(string path, TarEntryKind kind, FileMetadata metadata, string link)
    {
        (uint uid, uint gid) = shift.ToContainer(metadata.Uid, metadata.Gid);
        writer.Write(new TarEntry
        {
            Kind = kind,
            Name = path,
            LinkName = link,
            Mode = metadata.Mode,
            Uid = uid,
            Gid = gid,
            Size = kind == TarEntryKind.File ? metadata.Size : 0,
            ModifiedAt = metadata.ModifiedAt,
            Major = metadata.MajorNumber,
            Minor = metadata.MinorNumber,
            Xattrs = kind == TarEntryKind.HardLink ? [] : Xattrs(path),
        });
    }

    private KeyValuePair<string, byte[]>[] Xattrs(string path) =>
        [.. directory.GetXattrs(path).Where(xattr => FileXattrs.IsKept(xattr.Key))
            .OrderBy(xattr => xattr.Key, StringComparer.Ordinal)];
}
