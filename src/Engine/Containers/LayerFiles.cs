using System.Text;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

/// <summary>
/// Single files of an image that is not mounted: the topmost layer that has the file, or says that it was removed,
/// decides. What is no regular file, or too large, counts as not there, so that no image can make the engine wait
/// (CVE-2024-9676).
/// </summary>
internal sealed class LayerFiles(Func<string, RootDirectory> open, IReadOnlyList<string> layers)
{
    private const int MaximumLength = 4 * 1024 * 1024;

    public string? TryRead(string path)
    {
        foreach (string layer in layers)
        {
            try
            {
                using RootDirectory root = open(layer);
                if (root.FindMetadata(path) is not { } found) continue;
                return IsWhiteout(found) ? null : Encoding.UTF8.GetString(root.ReadFile(path, MaximumLength));
            }
            catch (SystemCallException)
            {
                return null;
            }
        }

        return null;
    }

    // overlayfs keeps a removal as a character device 0, 0 (Documentation/filesystems/overlayfs.rst).
    private static bool IsWhiteout(FileMetadata file) =>
        file is { Kind: FileKind.CharacterDevice, MajorNumber: 0, MinorNumber: 0 };
}
