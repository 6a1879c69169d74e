using Container.Engine.Files;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

internal sealed partial class LayerUnpacker
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueName = ".wh..wh..opq";

    // Makes a name that a later entry may have to replace: the last entry of a name is the one that counts.
    private void Make(string path, Action make) => Make(path, () =>
    {
        make();
        return true;
    });

    private T Make<T>(string path, Func<T> make)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return make();
            }
            catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST && attempt < 2)
            {
                Replace(path);
            }
            catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR && attempt < 2
                && MakeParents(path))
            {
            }
        }
    }

    // A directory that is there stays: archives name it again, or name it after what it holds.
    private void MakeDirectory(string path)
    {
        FileMetadata? existing = tree.FindMetadata(path);
        if (existing is { Kind: FileKind.Directory }) return;
        if (existing is not null) Replace(path);
        Make(path, () => tree.MakeDirectory(path, DefaultMode));
        tree.SetMode(path, DefaultMode);

        // The layer removes the name and has it anew: nothing of lower layers may show in it.
        if (removed.Contains(path)) HideLower(path);
    }

    private void Replace(string path)
    {
        // A whiteout has no content that the record would miss.
        if (source.Recorder is not null && tree.FindMetadata(path) is { } existing && !LayerChanges.IsWhiteout(existing))
            source.Recorder.IsBroken = true;
        tree.Remove(path);
    }

    // Directories the archive does not name: root's, mode 755 whatever the umask. A link that leads to nothing yet gets
    // the directory it leads to, in the tree. False if the name has no directory but the root.
    private bool MakeParents(string path)
    {
        string directory = ArchivePath.Parent(path);
        if (directory.Length == 0) return false;
        Stack<string> missing = new();
        string next = directory;
        while (next.Length > 0 && tree.FindMetadata(next) is null)
        {
            missing.Push(next);
            next = ArchivePath.Parent(next);
        }

        if (next.Length > 0 && LayerChanges.IsWhiteout(tree.GetMetadata(next))) missing.Push(next);
        foreach (string made in missing)
        {
            // Below a link it is made where the link leads, and belongs to nobody's name.
            if (made.Length > next.Length && tree.GetMetadata(ArchivePath.Parent(made)).Kind == FileKind.SymbolicLink) break;
            Imply(made);
        }

        tree.MakeDirectories(directory, DefaultMode);
        foreach (string made in missing) tree.SetMode(made, DefaultMode);
        return true;
    }

    // What the archive only implies has in the image the mode and owner it has in the layers below: see DirectoryLayer.
    private void Imply(string path)
    {
        MakeDirectory(path);
        Count(path);
        implied.Add(path);
    }

    // image-spec, layer.md: ".wh.NAME" removes NAME of lower layers, ".wh..wh..opq" everything in its directory. Both
    // concern lower layers only: what this layer has there itself stays, be it before or after in the archive.
    private void UnpackWhiteout(string path, string name)
    {
        string directory = ArchivePath.Parent(path);
        if (name == OpaqueName)
        {
            if (tree.FindMetadata(directory) is not { } found || LayerChanges.IsWhiteout(found)) Imply(directory);
            HideLower(directory);
            return;
        }

        string target = name[WhiteoutPrefix.Length..];

        // aufs kept its own things under names that begin so twice.
        if (target.StartsWith(WhiteoutPrefix, StringComparison.Ordinal)) return;
        if (target is "" or "." or "..")
            throw ArchiveFailure.Invalid($"the whiteout '{path}' leads out of its directory");
        string gone = ArchivePath.Join(directory, target);
        Count(gone);
        removed.Add(gone);
        FileMetadata? own = tree.FindMetadata(gone);
        if (own is { Kind: FileKind.Directory }) HideLower(gone);
        else if (own is null && privileged) Make(gone, () => tree.MakeNode(gone, FileKind.CharacterDevice, 0));
    }

    private void HideLower(string directory)
    {
        hidden.Add(directory);
        if (privileged) tree.SetXattr(directory, opaqueXattr, "y"u8);
    }

    // Where nothing of lower layers shows there is nothing to remove, and overlayfs would list the whiteout.
    private void RemoveIdleWhiteouts()
    {
        if (hidden.Count == 0) return;
        foreach (string path in removed)
        {
            string directory = path;
            do directory = ArchivePath.Parent(directory);
            while (directory.Length > 0 && !hidden.Contains(directory));
            if (hidden.Contains(directory) && tree.FindMetadata(path) is { } found && LayerChanges.IsWhiteout(found))
                tree.Remove(path);
        }
    }

    private void SetXattrs(TarEntry entry, Action<string, byte[]> set)
    {
        foreach ((string name, byte[] value) in entry.Xattrs)
        {
            if (!FileXattrs.IsKept(name) || (!privileged && !name.StartsWith("user.", StringComparison.Ordinal))) continue;
            try
            {
                set(name, value);
            }
            catch (SystemCallException failure) when (
                failure.Errno == Errno.EOPNOTSUPP || (failure.Errno == Errno.EPERM
                    && (entry.Kind != TarEntryKind.File || tree.IsReachedByAgent)))
            {
                // The file system has none; or user.* of a link or node, which Linux does not allow; or one that takes
                // root of the host.
            }
        }
    }
}
