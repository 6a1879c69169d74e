using System.Buffers;
using System.Text;

namespace Container.Engine.Logs;

/// <summary>Puts the pieces of one stream's long lines together again, in bounded memory.</summary>
internal sealed class LogJoiner(LogStream stream)
{
    // A line without an end would otherwise grow with the log.
    private const int MaximumLine = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> pieces = new();
    private DateTimeOffset begun;

    public bool IsPending { get; private set; }

    /// <summary>Takes a piece; true when <paramref name="entry"/> is a whole line.</summary>
    public bool Add(bool isPartial, ReadOnlySpan<byte> text, DateTimeOffset time, out LogEntry entry)
    {
        entry = default;
        if (!IsPending && !isPartial)
        {
            entry = new LogEntry(time, stream, Decode(text));
            return true;
        }

        if (!IsPending) begun = time;
        IsPending = true;
        pieces.Write(text);
        if (isPartial && pieces.WrittenCount < MaximumLine) return false;
        entry = Flush();
        return true;
    }

    /// <summary>What there is of a line whose end was never written.</summary>
    public LogEntry Flush()
    {
        LogEntry entry = new(begun, stream, Decode(pieces.WrittenSpan));
        pieces.ResetWrittenCount();
        IsPending = false;
        return entry;
    }

    // A terminal ends its lines with a carriage return as well.
    private static string Decode(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text is [.., (byte)'\r'] ? text[..^1] : text);
}
