using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>A container and what is still to become true of it, in order: each condition is met once.</summary>
internal sealed class PendingWait(ContainerRecord container, IReadOnlyList<WaitCondition> conditions) : IDisposable
{
    private readonly Queue<WaitCondition> _open = new(conditions);
    private bool _ended;

    public ContainerRecord Container => container;

    /// <summary>What is still waited for.</summary>
    public string Description => string.Join(", ", _open.Select(condition => condition.Description));

    /// <summary>The container has ended, and what is left needs one that runs.</summary>
    public bool IsHopeless => _ended && _open.Any(condition => condition.NeedsRunning);

    /// <summary>Looks once; true when nothing is left.</summary>
    public bool Look(ContainerEngine engine, CancellationToken token)
    {
        ContainerRecord now = engine.Containers.Resolve(container.Id);
        while (_open.TryPeek(out WaitCondition? next) && next.IsMet(engine, now, token)) _open.Dequeue();
        _ended = now.State == ContainerState.Exited;
        return _open.Count == 0;
    }

    public void Dispose()
    {
        foreach (IDisposable condition in conditions.OfType<IDisposable>()) condition.Dispose();
    }
}
