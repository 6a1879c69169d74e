using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Container.Engine.Logs;

/// <summary>
/// One line of a log file in the CRI format (kubernetes, design proposal kubelet-cri-logging):
/// <c>2016-10-06T00:17:09.669794202Z stdout F text</c>. The tag P marks a piece of a line that goes on in the stream's
/// next line, F its end.
/// </summary>
internal readonly ref struct LogLine
{
    private LogLine(ReadOnlySpan<byte> time, LogStream stream, bool isPartial, ReadOnlySpan<byte> text)
    {
        Time = time;
        Stream = stream;
        IsPartial = isPartial;
        Text = text;
    }

    public ReadOnlySpan<byte> Time { get; }

    public LogStream Stream { get; }

    public bool IsPartial { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>
    /// Reads a line without its line feed; false for what is no log line, such as the end of a torn write.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine result)
    {
        result = default;
        int space = line.IndexOf((byte)' ');
        if (space < 20) return false;
        ReadOnlySpan<byte> time = line[..space];
        line = line[(space + 1)..];

        LogStream stream;
        if (line.StartsWith("stdout "u8)) stream = LogStream.Stdout;
        else if (line.StartsWith("stderr "u8)) stream = LogStream.Stderr;
        else return false;
        line = line[7..];

        // Tags are separated by colons; only the first one is defined.
        int end = line.IndexOf((byte)' ');
        if (end < 1 || line[0] is not ((byte)'P' or (byte)'F') || (end > 1 && line[1] != ':')) return false;
        result = new LogLine(time, stream, line[0] == 'P', line[(end + 1)..]);
        return true;
    }

    /// <summary>The time, cut to the 100 ns of <see cref="DateTimeOffset"/>.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text is not [.., (byte)'Z'] || text[19] is not ((byte)'.' or (byte)'Z'))
        {
            return DateTimeOffset.TryParse(
                Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        }

        if (!Number(text[..4], out int year) || !Number(text[5..7], out int month) || !Number(text[8..10], out int day)
            || !Number(text[11..13], out int hour) || !Number(text[14..16], out int minute)
            || !Number(text[17..19], out int second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;

        long ticks = 0;
        long unit = TimeSpan.TicksPerSecond;
        foreach (byte digit in text[19..^1].TrimStart((byte)'.'))
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            unit /= 10;
            ticks += (digit - '0') * unit;
        }

        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(ticks);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && value >= 0;
}
