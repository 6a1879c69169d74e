using Container.Native.Syscalls;

namespace Container.Native.IdMapping;

/// <summary>The ids of a user namespace could not be mapped; the message says what is missing.</summary>
public sealed class IdMapException : Exception
{
    internal IdMapException(string message, Errno errno, Exception? inner = null)
        : base(message, inner) => Errno = errno;

    /// <summary>The error number that fits best.</summary>
    public Errno Errno { get; }
}
