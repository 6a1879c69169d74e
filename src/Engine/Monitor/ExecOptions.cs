namespace Container.Engine.Monitor;

/// <summary>A further process in a container that runs.</summary>
public sealed record ExecOptions
{
    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables over the container's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The absolute working directory; the container's where null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>NAME or UID, with an optional :GROUP or :GID; the container's user where null.</summary>
    public string? User { get; init; }

    /// <summary>All capabilities of the container's user namespace, no seccomp filter.</summary>
    public bool Privileged { get; init; }

    /// <summary>Give the process a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Connect standard input; without it the process reads end of file.</summary>
    public bool Interactive { get; init; }

    /// <summary>Let it run on its own: no streams, and it outlives the caller.</summary>
    public bool Detach { get; init; }

    /// <summary>A file of the host for what a detached process writes; nowhere where null.</summary>
    public string? StandardOutputPath { get; init; }

    /// <summary>A file of the host for what a detached process writes as errors; nowhere where null.</summary>
    public string? StandardErrorPath { get; init; }

    /// <summary>Columns of its terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Rows of its terminal.</summary>
    public int Height { get; init; } = 25;
}
