using System.Runtime.InteropServices;
using System.Text;

namespace Container.Native.Syscalls;

/// <summary>An extended regular expression: regex(3).</summary>
internal sealed unsafe partial class Pattern : IDisposable
{
    // regex_t has 64 bytes in glibc and in musl.
    private const int Size = 256;
    private const int REG_EXTENDED = 1;

    private void* compiled;

    /// <summary>Compiles <paramref name="text"/>.</summary>
    /// <exception cref="FormatException">It is no regular expression; the message says why.</exception>
    public Pattern(string text)
    {
        compiled = NativeMemory.AllocZeroed(Size);
        int error = regcomp(compiled, text, REG_EXTENDED);
        if (error == 0) return;
        byte* message = stackalloc byte[256];
        _ = regerror(error, compiled, message, 256);
        NativeMemory.Free(compiled);
        compiled = null;
        throw new FormatException(Encoding.UTF8.GetString(
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message)));
    }

    /// <summary>Whether it is found anywhere in <paramref name="text"/>.</summary>
    public bool IsIn(string text) => regexec(compiled, text, 0, null, 0) == 0;

    public void Dispose()
    {
        if (compiled is null) return;
        regfree(compiled);
        NativeMemory.Free(compiled);
        compiled = null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int regcomp(void* pattern, string text, int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int regexec(void* pattern, string text, nuint matches, void* match, int flags);

    [LibraryImport("libc")]
    private static partial nuint regerror(int error, void* pattern, byte* message, nuint size);

    [LibraryImport("libc")]
    private static partial void regfree(void* pattern);
}
