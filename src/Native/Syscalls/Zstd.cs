using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>The streaming coders of libzstd (zstd.h).</summary>
internal static unsafe partial class Zstd
{
    public const string Library = "libzstd.so.1";
    public const int ZSTD_d_windowLogMax = 100;
    public const int ZSTD_c_checksumFlag = 201;
    public const int ZSTD_e_continue = 0;
    public const int ZSTD_e_flush = 1;
    public const int ZSTD_e_end = 2;

    /// <summary>struct ZSTD_inBuffer and ZSTD_outBuffer: data, size, position.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>Passes a result on; an error is an exception.</summary>
    public static nuint Check(nuint code) => ZSTD_isError(code) == 0
        ? code
        : throw new InvalidDataException("zstd: " + Marshal.PtrToStringUTF8((nint)ZSTD_getErrorName(code)));

    [LibraryImport(Library)]
    public static partial nint ZSTD_createCCtx();

    [LibraryImport(Library)]
    public static partial nuint ZSTD_freeCCtx(nint encoder);

    [LibraryImport(Library)]
    public static partial nuint ZSTD_CCtx_setParameter(nint encoder, int parameter, int value);

    [LibraryImport(Library)]
    public static partial nuint ZSTD_compressStream2(nint encoder, Buffer* output, Buffer* input, int directive);

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
