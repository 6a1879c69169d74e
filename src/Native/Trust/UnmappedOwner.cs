using Container.Native.Files;
using Container.Native.Namespaces;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Trust;

/// <summary>
/// Whether a file belongs to none of the ids of our user namespace: it is of the world outside, whose root made the
/// namespace what it is, and whom there is no use in distrusting. stat(2) shows such an owner as 65534, and most namespaces
/// have an id 65534 of their own as well, whose files are those of any other user.
/// </summary>
internal static class UnmappedOwner
{
    /// <summary>What such an owner looks like: kernel.overflowuid, which nobody has changed.</summary>
    public const uint Nobody = 65534;

    /// <summary>Asks for one file; false where that cannot be found out.</summary>
    public static bool Is(FileDescriptor entry, FileMetadata found)
    {
        if (found.Uid != Nobody || UserNamespace.IsInitial) return false;
        if (!UserNamespace.HasUser(Nobody)) return true;

        // O_NOATIME is for the owner, or who has CAP_FOWNER over an owner that is in the namespace (open(2)); and what cannot
        // be read at all is out of the reach of CAP_DAC_OVERRIDE. A device may do something when it is opened.
        if (found.Kind is not (FileKind.Directory or FileKind.File)
            || (CapabilitySet.Parse(["CAP_FOWNER", "CAP_DAC_OVERRIDE"]) - CapabilityData.ReadEffective()).Bits != 0)
            return false;
        int fd = FileCalls.openat(
            FileCalls.AT_FDCWD, $"/proc/self/fd/{entry.Number}",
            FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC | FileCalls.O_NOATIME, 0);
        if (fd < 0) return SystemCallException.Last("open", "").Errno is Errno.EPERM or Errno.EACCES;
        FileCalls.close(fd);
        return false;
    }
}
