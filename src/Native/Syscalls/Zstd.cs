using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>The streaming decoder of libzstd (zstd.h).</summary>
internal static unsafe partial class Zstd
{
    public const string Library = "libzstd.so.1";
    public const int ZSTD_d_windowLogMax = 100;

    /// <summary>struct ZSTD_inBuffer and ZSTD_outBuffer: data, size, position.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library)]
    public static partial nint ZSTD_createDStream();

    [LibraryImport(Library)]
    public static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    public static partial nuint ZSTD_DCtx_setParameter(nint stream, int parameter, int value);

    [LibraryImport(Library)]
    public static partial nuint ZSTD_decompressStream(nint stream, Buffer* output, Buffer* input);

    [LibraryImport(Library)]
    public static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    public static partial byte* ZSTD_getErrorName(nuint code);
}
