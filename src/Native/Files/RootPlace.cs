using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// The place of a name: an O_PATH descriptor of its directory, resolved in the root, and the last component, which the
/// caller hands to one *at call without following it.
/// </summary>
internal readonly unsafe ref struct RootPlace
{
    private readonly byte* text;

    /// <param name="root">The root's descriptor.</param>
    /// <param name="path">The path; its last component is not resolved.</param>
    /// <param name="walk">1 to do without openat2.</param>
    /// <param name="operation">For the exception.</param>
    /// <param name="whole">
    /// Whether the root itself, "." and ".." will do: the name is "." then. Otherwise they are EINVAL.
    /// </param>
    public RootPlace(int root, string path, int walk, string operation, bool whole = false)
    {
        text = (byte*)NativeMemory.Alloc((nuint)PathText.MaximumLength(path) + 4);
        try
        {
            int length = PathText.Encode(path, new Span<byte>(text + 2, PathText.MaximumLength(path)));
            byte* start = text + 2;
            while (length > 0 && start[length - 1] == '/') length--;
            start[length] = 0;
            int slash = new ReadOnlySpan<byte>(start, length).LastIndexOf((byte)'/');
            byte* last = start + slash + 1;
            int lastLength = length - slash - 1;
            bool dots = lastLength is 1 or 2 && last[0] == '.' && (lastLength == 1 || last[1] == '.');
            bool special = lastLength == 0 || dots;
            if (special && !whole) throw new SystemCallException(operation, path, Errno.EINVAL);

            // "/" in front makes an empty path the root; resolution starts at the root either way.
            byte* parent = start - 1;
            *parent = (byte)'/';
            byte cut = *last;
            if (!special) *last = 0;
            int parentLength = (int)((special ? start + length : last) - parent);
            int fd = DeepPath.Open(root, parent, parentLength, FileCalls.O_PATH | (uint)FileCalls.O_DIRECTORY, 0, walk);
            *last = cut;
            if (special)
            {
                last = text;
                last[0] = (byte)'.';
                last[1] = 0;
            }

            if (fd < 0) throw new SystemCallException(operation, path, (Errno)(-fd));
            Parent = fd;
            Name = last;
        }
        catch
        {
            NativeMemory.Free(text);
            throw;
        }
    }

    /// <summary>The directory, open with O_PATH.</summary>
    public int Parent { get; }

    /// <summary>The name in it, NUL-terminated.</summary>
    public byte* Name { get; }

    /// <summary>Closes the directory and frees the name.</summary>
    public void Dispose()
    {
        RawFiles.Close(Parent);
        NativeMemory.Free(text);
    }
}
