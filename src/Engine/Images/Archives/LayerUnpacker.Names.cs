using Container.Engine.Files;
using Container.Native.Mounts;
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
            catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT && attempt < 2 && MakeParents(path))
            {
            }
        }
    }

    // A directory that is there stays: archives name it again, or name it after what it holds.
    private void MakeDirectory(string path)
    {
        if (tree.FindMetadata(path) is { } existing)
        {
            if (existing.Kind == FileKind.Directory) return;
            bool whiteout = existing is { Kind: FileKind.CharacterDevice, MajorNumber: 0, MinorNumber: 0 };
            Replace(path);
            tree.MakeDirectory(path, DefaultMode);

            // The layer removes the name and makes it anew: nothing of lower layers may show in it.
            if (whiteout && privileged) tree.SetXattr(path, opaqueXattr, "y"u8);
            return;
        }

        Make(path, () => tree.MakeDirectory(path, DefaultMode));
    }

    private void Replace(string path)
    {
        if (source.Recorder is not null) source.Recorder.IsBroken = true;
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

        tree.MakeDirectories(directory, DefaultMode);
        foreach (string made in missing) tree.SetMode(made, DefaultMode);
        return true;
    }

    // image-spec, layer.md: ".wh.NAME" removes NAME of lower layers, ".wh..wh..opq" everything in its directory. Both
    // concern lower layers only: what this layer has there itself stays.
    private void UnpackWhiteout(string path, string name)
    {
        string directory = ArchivePath.Parent(path);
        if (name == OpaqueName)
        {
            if (tree.FindMetadata(directory) is null) MakeDirectory(directory);
            if (privileged) tree.SetXattr(directory, opaqueXattr, "y"u8);
            return;
        }

        string target = name[WhiteoutPrefix.Length..];

        // aufs kept its own things under names that begin so twice.
        if (target.StartsWith(WhiteoutPrefix, StringComparison.Ordinal)) return;
        if (target is "" or "." or "..")
            throw ArchiveFailure.Invalid($"the whiteout '{path}' leads out of its directory");
        string removed = ArchivePath.Join(directory, target);
        if (tree.FindMetadata(removed) is not null || !privileged) return;
        Make(removed, () => tree.MakeNode(removed, FileKind.CharacterDevice, 0));
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
