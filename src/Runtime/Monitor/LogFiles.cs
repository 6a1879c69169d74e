using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>
/// The files of a log: NAME is written to, NAME.1 is the one before, up to the number that is kept. Rotation renames,
/// so that a reader goes on in the file it has open.
/// </summary>
internal sealed unsafe class LogFiles : IDisposable
{
    private readonly FileDescriptor directory;
    private readonly string name;
    private readonly long maximumBytes;
    private readonly int maximumFiles;
    private FileDescriptor? file;
    private long size;

    public LogFiles(string path, long maximumBytes, int maximumFiles)
    {
        this.maximumBytes = maximumBytes;
        this.maximumFiles = maximumFiles;
        name = Path.GetFileName(path);
        directory = FileCalls.Open(Path.GetDirectoryName(path)!, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        try
        {
            Open();
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Appends whole records, to a new file if the current one has no room for them.</summary>
    public Errno Write(ReadOnlySpan<byte> records)
    {
        try
        {
            if (size > 0 && size + records.Length > maximumBytes) Rotate();
            if (file is null) Open();
        }
        catch (SystemCallException failure)
        {
            return failure.Errno;
        }

        long before = size;
        while (!records.IsEmpty)
        {
            nint count;
            fixed (byte* start = records)
            {
                count = FileCalls.write(file!.Number, start, (nuint)records.Length);
            }

            if (count < 0)
            {
                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) continue;

                // Half a record would make the next one unreadable too.
                if (size != before && Attributes.ftruncate(file.Number, before) == 0) size = before;
                return errno;
            }

            size += count;
            records = records[(int)count..];
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        directory.Dispose();
    }

    private void Open()
    {
        file = FileCalls.Open(
            name, FileCalls.O_RDWR | FileCalls.O_APPEND | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, 0x1A0, directory);
        FileStatus status;
        SystemCallException.Check(
            FileCalls.statx(file.Number, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status), "statx", name);
        size = (long)status.Size;
        if (size > 0) EndTornRecord();
    }

    /// <summary>A host that went down, or a full disk, may have left half a record.</summary>
    private void EndTornRecord()
    {
        byte last;
        if (FileCalls.lseek(file!.Number, size - 1, FileCalls.SEEK_SET) < 0) return;
        if (FileCalls.read(file.Number, &last, 1) != 1 || last == (byte)'\n') return;
        last = (byte)'\n';
        if (FileCalls.write(file.Number, &last, 1) == 1) size++;
    }

    private void Rotate()
    {
        for (int i = maximumFiles - 1; i > 0; i--)
        {
            string older = $"{name}.{i}";
            string newer = i == 1 ? name : $"{name}.{i - 1}";
            _ = FileCalls.renameat2(directory.Number, newer, directory.Number, older, 0);
        }

        if (maximumFiles <= 1) _ = FileCalls.unlinkat(directory.Number, name, 0);
        file?.Dispose();
        file = null;
        size = 0;
    }
}
