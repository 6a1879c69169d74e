using Container.Engine.Errors;
using Container.Native.Compression;

namespace Container.Engine.Images.Archives;

/// <summary>Which compression an archive has, by its first bytes and never by its name.</summary>
internal static class ArchiveCompression
{
    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    private static ReadOnlySpan<byte> ZstdFrame => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> Xz => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    private static ReadOnlySpan<byte> Bzip2 => [0x42, 0x5A, 0x68];

    /// <summary>Puts a decompressor in front of a stream that stands at its beginning and can be rewound.</summary>
    public static Stream Open(Stream file)
    {
        Span<byte> start = stackalloc byte[6];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        if (start.StartsWith(Gzip)) return new WholeGzipStream(file);
        if (start.StartsWith(ZstdFrame) || IsSkippableFrame(start)) return OpenZstd(file);
        if (start.StartsWith(Xz)) throw Unsupported("xz");
        return start.StartsWith(Bzip2) ? throw Unsupported("bzip2") : file;
    }

    // 0x184D2A50 to 0x184D2A5F, little-endian: a zstd frame of the user's.
    private static bool IsSkippableFrame(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && (start[0] & 0xF0) == 0x50 && start[1..4].SequenceEqual(new byte[] { 0x2A, 0x4D, 0x18 });

    private static ZstdStream OpenZstd(Stream file)
    {
        try
        {
            return new ZstdStream(file);
        }
        catch (DllNotFoundException failure)
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                "The archive is compressed with zstd, and libzstd.so.1 is not installed.",
                "Install the package libzstd1 (Debian, Ubuntu), libzstd (Fedora) or zstd-libs (Alpine).",
                null,
                failure);
        }
    }

    private static EngineException Unsupported(string name) => new(
        ErrorId.ArchiveInvalid,
        $"The archive is compressed with {name}, which container images do not use.",
        "Decompress it first, or compress it with gzip or zstd.");
}
