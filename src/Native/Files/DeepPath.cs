using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// Paths that are longer than the kernel takes, as walks through a tree of thousands of levels come to them: they are
/// followed in parts. A link on the way ends inside the part before it, and so inside the root; a walk meets none.
/// </summary>
internal static unsafe class DeepPath
{
    private const int PartLength = RootWalker.PathSize - 1;

    // What an image has is far below, and every step on the way costs a look.
    private const int MaximumLength = 1 << 16;

    /// <summary>Opens a path as <see cref="RootWalk.Open"/> does.</summary>
    /// <param name="root">The root's descriptor.</param>
    /// <param name="path">The path, NUL-terminated; it is the same again afterwards.</param>
    /// <param name="length">Its length.</param>
    /// <param name="flags">Of open(2).</param>
    /// <param name="mode">Of open(2).</param>
    /// <param name="walk">1 to do without openat2.</param>
    public static int Open(int root, byte* path, int length, ulong flags, ulong mode, int walk)
    {
        if (length > MaximumLength) return -(int)Errno.ENAMETOOLONG;
        int directory = root;
        while (length >= PartLength)
        {
            int slash = new ReadOnlySpan<byte>(path, PartLength).LastIndexOf((byte)'/');
            if (slash <= 0) break;
            path[slash] = 0;
            int next = RootWalk.Open(directory, path, FileCalls.O_PATH | (uint)FileCalls.O_DIRECTORY, 0, walk);
            path[slash] = (byte)'/';
            Leave(directory, root);
            if (next < 0) return next;
            directory = next;
            path += slash;
            length -= slash;
        }

        int result = RootWalk.Open(directory, path, flags, mode, walk);
        Leave(directory, root);
        return result;
    }

    private static void Leave(int directory, int root)
    {
        if (directory != root) RawFiles.Close(directory);
    }
}
