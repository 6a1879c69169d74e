using System.IO.Compression;
using Container.Engine.Errors;
using Container.Native.Compression;
using Container.Native.Files;
using Container.Native.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Files;

/// <summary>Archives of the user's on the host.</summary>
internal static class ArchiveFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Opens an archive. Regular files only: nothing here may wait for the other end of a FIFO.</summary>
    public static FileStream OpenRead(string path)
    {
        try
        {
            using RootDirectory host = RootDirectory.Open("/");
            FileDescriptor file = host.OpenFile(Path.GetFullPath(path));
            return new FileStream(new SafeFileHandle(file.Detach(), ownsHandle: true), FileAccess.Read, bufferSize: 0);
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, path);
        }
    }

    /// <summary>Writes an archive: whole, or not at all.</summary>
    public static void Write(
        string path, ArchiveCoding coding, Action<Stream> write, Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        path = Path.GetFullPath(path);
        string temporary = Path.Join(
            Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            using (Stream output = Compress(file, coding))
            {
                write(new InterruptibleStream(output, cancellation, progress));
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Puts a compressor in front of a stream, which goes with it unless it is to stay open.</summary>
    public static Stream Compress(Stream output, ArchiveCoding coding, bool leaveOpen = false) => coding switch
    {
        ArchiveCoding.Gzip => new BufferedStream(
            new GZipStream(output, CompressionLevel.Fastest, leaveOpen), BufferSize),
        ArchiveCoding.Zstd => new BufferedStream(Zstd(output, leaveOpen), BufferSize),
        _ => output,
    };

    private static ZstdWriteStream Zstd(Stream output, bool leaveOpen)
    {
        try
        {
            return new ZstdWriteStream(output, leaveOpen);
        }
        catch (DllNotFoundException failure)
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                "Archives are compressed with zstd by libzstd, which is not installed.",
                "Install it (Debian: apt-get install libzstd1), or use another compression.",
                inner: failure);
        }
    }
}
