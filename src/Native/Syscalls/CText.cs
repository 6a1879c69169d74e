using System.Runtime.InteropServices.Marshalling;

namespace Container.Native.Syscalls;

/// <summary>A string as the C library takes it: UTF-8, a NUL at its end, in the caller's buffer where it fits.</summary>
internal unsafe ref struct CText
{
    /// <summary>What callers put on their stack for it; longer strings are copied to the heap.</summary>
    public const int BufferSize = 256;

    private Utf8StringMarshaller.ManagedToUnmanagedIn text;

    public CText(string value, Span<byte> buffer) => text.FromManaged(value, buffer);

    public byte* Start => text.ToUnmanaged();

    public void Dispose() => text.Free();
}
