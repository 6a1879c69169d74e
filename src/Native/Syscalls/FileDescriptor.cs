using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>An owned file descriptor. Every descriptor we open is close-on-exec.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of <paramref name="number"/>.</summary>
    public FileDescriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The descriptor's number; valid only while this object is alive.</summary>
    public int Number => (int)handle;

    /// <summary>Who changes the file for us, where we may not: a FileAgent, of a room above; null: ourselves.</summary>
    internal object? Agent { get; init; }

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
        int copy = FileCalls.fcntl(Number, FileCalls.F_DUPFD_CLOEXEC, 0);
        GC.KeepAlive(this);
        return new FileDescriptor(SystemCallException.Check(copy, "fcntl"));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
