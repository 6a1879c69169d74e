using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>How to find out whether a container does what it is for: a command that is run inside.</summary>
public sealed record ContainerHealthCheck
{
    /// <summary>The command and its arguments; exit code 0 says that all is well.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The time between two checks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a check may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time after the start in which failures do not count.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>How many failures in a row make it unhealthy.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>What then happens.</summary>
    public ContainerHealthAction Action { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Command);

    /// <summary>Returns the check, or says what is wrong with it.</summary>
    public ContainerHealthCheck Checked()
    {
        if (Command is not { Count: > 0 } || Command[0].Length == 0)
            throw EngineException.Invalid("A health check needs a command.", this);
        if (Interval < TimeSpan.FromMilliseconds(1) || Timeout < TimeSpan.FromMilliseconds(1) || StartPeriod < TimeSpan.Zero)
            throw EngineException.Invalid("The times of a health check are not positive.", this);
        return Retries >= 1 ? this : throw EngineException.Invalid("A health check needs one failure at least.", this);
    }
}
