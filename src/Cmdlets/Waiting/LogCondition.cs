using System.Text.RegularExpressions;
using Container.Cmdlets.Binding;
using Container.Engine;
using Container.Engine.Catalog;
using Container.Engine.Logs;

namespace Container.Cmdlets.Waiting;

/// <summary>The container has written a line that matches since it was started.</summary>
internal sealed class LogCondition(string pattern) : WaitCondition
{
    private readonly Regex _pattern = TextPattern.Get(pattern);

    private DateTimeOffset? _since;

    public override string Description => $"log matching '{pattern}'";

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        // Each look reads on from where the last one ended; lines of that same instant are read again.
        // A time that is still to come says that the clock was set back; then its lines may have any time.
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (_since > now) _since = null;
        if (container.StartedAt < now) _since ??= container.StartedAt;
        foreach (LogEntry entry in engine.Containers.ReadLog(container.Id, new LogOptions { Since = _since }, token))
        {
            if (_pattern.IsMatch(entry.Line)) return true;
            _since = entry.Timestamp;
        }

        return false;
    }
}
