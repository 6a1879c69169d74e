using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Container.Engine.Events;

/// <summary>Which lines of the event log are wanted.</summary>
internal sealed class EventFilter(EventOptions wanted)
{
    private const string Seconds = "yyyy-MM-ddTHH:mm:ss";

    private readonly byte[]? id = wanted.Id is null ? null : Encoding.UTF8.GetBytes(wanted.Id);
    private readonly byte[]? since = wanted.Since is { } first
        ? Encoding.ASCII.GetBytes(first.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture))
        : null;

    /// <summary>How a line begins, and the time that follows.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"time\":\""u8;

    /// <summary>
    /// False where the line's bytes say that it is not wanted: most lines of a long log are not, and looking costs a
    /// twentieth of reading one. Each is looked at. A search for the place where a time begins would trust the order of
    /// the times, which is not that of the lines when several write or a clock is set back.
    /// </summary>
    public bool MayFit(ReadOnlySpan<byte> line)
    {
        if (id is not null && line.IndexOf(id) < 0) return false;

        // A beginning further on is that of a whole line after half of one.
        if ((wanted.Since is null && wanted.Until is null) || line.LastIndexOf(Beginning) != 0) return true;
        return !IsEarlier(line[Beginning.Length..]) && IsInside(line);
    }

    // The digits of a time are in order where it is one of UTC, as all are that we write.
    private bool IsEarlier(ReadOnlySpan<byte> time) =>
        since is not null
        && time.Length > Seconds.Length
        && time[..Seconds.Length].SequenceCompareTo(since) < 0
        && time.IndexOf((byte)'"') is var end and > 0
        && time[..end].EndsWith("+00:00"u8);

    private bool IsInside(ReadOnlySpan<byte> line) => ReadTime(line[(Beginning.Length - 1)..]) is not { } time || IsInside(time);

    /// <summary>Whether the event is wanted.</summary>
    public bool Fits(EventRecord happened) =>
        IsInside(happened.Time) && (wanted.Id is null || happened.Id == wanted.Id);

    private static DateTimeOffset? ReadTime(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text, isFinalBlock: false, default);
            return reader.Read() && reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsInside(DateTimeOffset time) =>
        (wanted.Since is not { } since || time >= since) && (wanted.Until is not { } until || time < until);
}
