using System.Diagnostics.CodeAnalysis;
using Container.Engine.Logs;
using Container.Native.Json;
using Container.Native.Monitor;

namespace Container.Engine.Events;

/// <summary>One line of the event log.</summary>
internal static class EventLine
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    /// <summary>The next event that is wanted; lines that say nothing are passed over.</summary>
    public static bool TryRead(LogChain chain, EventFilter filter, [NotNullWhen(true)] out EventRecord? happened)
    {
        happened = null;
        while (happened is null && chain.TryRead(out ReadOnlySpan<byte> line))
        {
            if (filter.MayFit(line) && Parse(line) is { } read && filter.Fits(read)) happened = read;
        }

        return happened is not null;
    }

    private static EventRecord? Parse(ReadOnlySpan<byte> line)
    {
        if (TryParse(line) is { } happened) return happened;

        // A host that went down may have left the beginning of a line, before one that is whole.
        int whole = line.LastIndexOf(EventFilter.Beginning);
        return whole > 0 ? TryParse(line[whole..]) : null;
    }

    private static EventRecord? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            MonitorEvent read = MonitorDocument.ReadEvent(line);
            return read.Time is { } time
                && Enum.TryParse(read.Type, ignoreCase: true, out EventKind kind)
                && Enum.TryParse(read.Action, ignoreCase: true, out EventAction action)
                ? new EventRecord
                {
                    Time = time,
                    Kind = kind,
                    Action = action,
                    Id = read.Id,
                    Name = read.Name,
                    Attributes = read.Attributes ?? NoAttributes,
                }
                : null;
        }
        catch (DocumentException)
        {
            return null;
        }
    }
}
