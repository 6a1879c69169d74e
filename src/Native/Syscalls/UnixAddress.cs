using System.Runtime.InteropServices;
using System.Text;

namespace Container.Native.Syscalls;

/// <summary>struct sockaddr_un of unix(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnixAddress
{
    /// <summary>The longest path, without the zero that ends it.</summary>
    public const int MaximumLength = 107;

    public ushort Family;
    public fixed byte Path[108];

    /// <summary>
    /// The address of <paramref name="name"/> in an open directory. It goes through /proc/self/fd, because a path of
    /// 108 bytes is too short for a state root of any depth and 64 digits of an id.
    /// </summary>
    public static UnixAddress In(FileDescriptor directory, string name)
    {
        string path = $"/proc/self/fd/{directory.Number}/{name}";
        UnixAddress address = new() { Family = Sockets.AF_UNIX };
        if (Encoding.UTF8.GetByteCount(path) > MaximumLength) throw new SystemCallException("connect", name, Errno.ENAMETOOLONG);
        Encoding.UTF8.GetBytes(path, new Span<byte>(address.Path, MaximumLength));
        return address;
    }
}
