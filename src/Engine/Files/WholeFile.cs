using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Files;

/// <summary>
/// A file that has its name only when it is whole: whoever interrupts the work finds what was there before.
/// </summary>
internal static class WholeFile
{
    private const uint Private = 0x180;

    /// <summary>Makes the file, in place of another or of a link of that name; a directory is EEXIST.</summary>
    public static void Create(RootDirectory root, string path, Action<FileDescriptor> write)
    {
        if (root.FindMetadata(path) is { Kind: FileKind.Directory })
            throw new SystemCallException("create", path, Errno.EEXIST);
        string draft = path[..(path.LastIndexOf('/') + 1)] + $".copy-{Guid.NewGuid():N}";
        try
        {
            using (FileDescriptor file = root.CreateFile(draft, Private)) write(file);
            root.Rename(draft, path);
        }
        catch
        {
            root.Remove(draft);
            throw;
        }
    }
}
