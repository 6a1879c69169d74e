using System.Text;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Addresses of unix(7): struct sockaddr_un.</summary>
internal static unsafe class UnixAddress
{
    /// <summary>The longest path, without the zero that ends it.</summary>
    public const int MaximumLength = 107;

    /// <summary>
    /// The address of <paramref name="name"/> in an open directory. It goes through /proc/self/fd, because a path of
    /// 108 bytes is too short for a state root of any depth and 64 digits of an id.
    /// </summary>
    public static sockaddr_un In(FileDescriptor directory, string name)
    {
        string path = $"/proc/self/fd/{directory.Number}/{name}";
        sockaddr_un address = new() { sun_family = LibC.AF_UNIX };
        if (Encoding.UTF8.GetByteCount(path) > MaximumLength) throw new SystemCallException("connect", name, Errno.ENAMETOOLONG);
        Encoding.UTF8.GetBytes(path, new Span<byte>(address.sun_path, MaximumLength));
        return address;
    }
}
