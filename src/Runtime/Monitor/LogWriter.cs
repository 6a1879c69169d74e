using System.Text;
using Container.Native.Monitor;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// Writes the log: many records with one write(2). A log that cannot be written never stops the container: what does
/// not fit is dropped, counted, and told of in the log when there is room again.
/// </summary>
internal sealed class LogWriter : IOutputLog
{
    private readonly LogFiles files;
    private readonly TransferBuffer buffer;
    private readonly byte[] time = new byte[LogRecord.TimeLength];
    private readonly int batchLimit;
    private int length;
    private int textLength;
    private long dropped;
    private Errno reason;

    public LogWriter(string path, long maximumBytes, int maximumFiles, TransferBuffer buffer)
    {
        this.buffer = buffer;
        files = new LogFiles(path, maximumBytes, maximumFiles);

        // No file exceeds its limit, except for one record.
        batchLimit = (int)Math.Clamp(maximumBytes, LogPiece.MaximumText + LogRecord.Overhead, TransferBuffer.Size);
    }

    /// <inheritdoc/>
    public bool IsBlocked => false;

    /// <inheritdoc/>
    public void Adopt(MonitorRequest request)
    {
        // A file is the container's by its place.
    }

    /// <inheritdoc/>
    public void Append(bool isError, ReadOnlySpan<byte> data)
    {
        LogRecord.WriteTime(DateTime.UtcNow, time);
        if (dropped > 0) ReportDropped();
        while (!data.IsEmpty)
        {
            LogPiece piece = LogPiece.First(data);
            Add(isError, piece.IsPartial, piece.Text);
            data = data[piece.Length..];
        }

        WriteBatch();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Everything is in the file already.
    }

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();

    private void Add(bool isError, bool isPartial, ReadOnlySpan<byte> text)
    {
        if (length + text.Length + LogRecord.Overhead > batchLimit) WriteBatch();
        length += LogRecord.Write(buffer.Records[length..], time, isError, isPartial, text);
        textLength += text.Length;
    }

    private void WriteBatch()
    {
        if (length == 0) return;
        Errno error = files.Write(buffer.Records[..length]);
        if (error != Errno.None)
        {
            dropped += textLength;
            reason = error;
        }

        length = 0;
        textLength = 0;
    }

    private void ReportDropped()
    {
        byte[] text = Encoding.UTF8.GetBytes($"psrun: {dropped} bytes of output could not be logged ({reason})");
        length = LogRecord.Write(buffer.Records, time, isError: true, isPartial: false, text);
        if (files.Write(buffer.Records[..length]) == Errno.None) dropped = 0;
        length = 0;
    }
}
