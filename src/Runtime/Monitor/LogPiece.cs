namespace Container.Runtime.Monitor;

/// <summary>One record of a log: a line, or a piece of one that goes on in the stream's next record.</summary>
internal readonly ref struct LogPiece
{
    /// <summary>The longest text of one record.</summary>
    public const int MaximumText = 16 * 1024;

    private LogPiece(ReadOnlySpan<byte> text, bool isPartial, int length)
    {
        Text = text;
        IsPartial = isPartial;
        Length = length;
    }

    /// <summary>What was written, without the line feed.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Whether the line goes on.</summary>
    public bool IsPartial { get; }

    /// <summary>How much of the data it takes.</summary>
    public int Length { get; }

    /// <summary>The first piece of <paramref name="data"/>, which is not empty.</summary>
    public static LogPiece First(ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)'\n');
        int text = end < 0 ? data.Length : end;
        return text > MaximumText ? new LogPiece(data[..MaximumText], isPartial: true, MaximumText)
            : end < 0 ? new LogPiece(data, isPartial: true, text)
            : new LogPiece(data[..text], isPartial: false, text + 1);
    }
}
