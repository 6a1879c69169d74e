namespace Container.Engine.Containers;

/// <summary>How to stop a container.</summary>
public sealed record StopOptions
{
    /// <summary>The signal to ask with; the container's own where null.</summary>
    public string? Signal { get; init; }

    /// <summary>Seconds to wait before SIGKILL; the container's own where null.</summary>
    public int? TimeoutSec { get; init; }

    /// <summary>SIGKILL at once.</summary>
    public bool Force { get; init; }
}
