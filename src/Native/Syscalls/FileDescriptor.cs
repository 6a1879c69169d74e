using System.Runtime.InteropServices;
using Container.Native.Mounts;
using Microsoft.Win32.SafeHandles;

namespace Container.Native.Syscalls;

/// <summary>An owned file descriptor. Every descriptor we open is close-on-exec.</summary>
public sealed partial class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of <paramref name="number"/>.</summary>
    public FileDescriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The descriptor's number; valid only while this object is alive.</summary>
    public int Number => (int)handle;

    /// <summary>Who changes the file for us, where we may not; null: ourselves.</summary>
    internal FileAgent? Agent { get; init; }

    /// <summary>Gives up ownership: the caller closes the number that is returned.</summary>
    public int Detach()
    {
        int number = Number;
        SetHandleAsInvalid();
        return number;
    }

    /// <summary>Another descriptor of the same open file.</summary>
    public FileDescriptor Duplicate()
    {
        const int F_DUPFD_CLOEXEC = 1030;
        int copy = Files.fcntl(Number, F_DUPFD_CLOEXEC, 0);
        GC.KeepAlive(this);
        return new FileDescriptor(SystemCallException.Check(copy, "fcntl"));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => close((int)handle) == 0;

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
