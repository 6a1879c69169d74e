using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>How namespaces hang together: ioctl_ns(2).</summary>
internal static class NamespaceCalls
{
    private const int NS_GET_USERNS = 0xB701;
    private const int NS_GET_PARENT = 0xB702;

    /// <summary>The user namespace that owns a namespace; null where that is above our own.</summary>
    public static FileDescriptor? TryGetOwner(FileDescriptor other) => TryGet(other, NS_GET_USERNS, "NS_GET_USERNS");

    /// <summary>The user namespace above another; null where that is above our own.</summary>
    public static FileDescriptor? TryGetParent(FileDescriptor user) => TryGet(user, NS_GET_PARENT, "NS_GET_PARENT");

    // The kernel makes the descriptor close-on-exec.
    private static FileDescriptor? TryGet(FileDescriptor file, int request, string name)
    {
        int result = LibC.ioctl(file.Number, request, 0);
        if (result >= 0) return new FileDescriptor(result);
        SystemCallException failure = SystemCallException.Last("ioctl", name);

        // ENOTTY: no namespace at all, which setns(2) says better.
        return failure.Errno is Errno.EPERM or Errno.ENOTTY ? null : throw failure;
    }
}
