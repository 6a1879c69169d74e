using Container.Engine.Files;
using Container.Engine.State;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Storage;

/// <summary>What a directory of the store takes on the disk.</summary>
internal static class DirectorySize
{
    /// <summary>Bytes on the disk below a directory, without what is mounted there.</summary>
    public static long Measure(EnginePaths paths, string directory, CancellationToken cancellation)
    {
        try
        {
            using RootDirectory root = paths.Files.Open(directory);
            return Measure(root, "/", root.GetMetadata("/").MountId, cancellation);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT)
        {
            return 0;
        }
    }

    private static long Measure(RootDirectory root, string directory, ulong mountId, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long bytes = 0;
        foreach (RootEntry entry in root.Enumerate(directory))
        {
            string path = directory.TrimEnd('/') + "/" + entry.Name;
            WalkFailure.Tolerate(path, () =>
            {
                FileMetadata metadata = root.GetMetadata(path);
                if (metadata.MountId != mountId) return;
                bool holds = metadata.Kind == FileKind.Directory;
                bytes += metadata.Allocated / Math.Max(1, holds ? 1 : metadata.LinkCount);
                if (holds) bytes += Measure(root, path, mountId, cancellation);
            });
        }

        return bytes;
    }
}
