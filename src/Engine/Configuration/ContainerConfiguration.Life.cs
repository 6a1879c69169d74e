namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>Remove the container when it has ended.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Seconds the container may run before it is killed; 0 is no limit.</summary>
    public int TimeoutSec { get; init; }

    /// <summary>Whether it is started again when it has ended.</summary>
    public ContainerRestartPolicy RestartPolicy { get; init; }

    /// <summary>How often it is started again after failures, with the policy OnFailure; 0 is without end.</summary>
    public int RestartCount { get; init; }

    /// <summary>How its health is checked; not at all where null.</summary>
    public ContainerHealthCheck? HealthCheck { get; init; }

    /// <summary>Where what it writes goes; where null what the host's configuration says, else to a file.</summary>
    public ContainerLogDriver? LogDriver { get; init; }

    /// <summary>max-size and max-file of the log file; tag of the journal's entries.</summary>
    public IReadOnlyDictionary<string, string>? LogOption { get; init; }
}
