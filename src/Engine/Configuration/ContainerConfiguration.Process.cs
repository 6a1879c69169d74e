namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>The command; with <see cref="ArgumentList"/> it replaces the image's Cmd.</summary>
    public string? Command { get; init; }

    /// <summary>What follows the command, or the image's entry point.</summary>
    public IReadOnlyList<string>? ArgumentList { get; init; }

    /// <summary>Replaces the image's entry point, and with it the image's Cmd; empty removes both.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>Environment variables over those of the image.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>
    /// Files of NAME=VALUE lines, read when the container is created; <see cref="Environment"/> wins.
    /// </summary>
    public IReadOnlyList<string>? EnvironmentFile { get; init; }

    /// <summary>The absolute working directory inside; it is made where it does not exist.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>NAME or UID, with an optional :GROUP or :GID.</summary>
    public string? User { get; init; }

    /// <summary>Further groups, names or ids.</summary>
    public IReadOnlyList<string>? SupplementaryGroup { get; init; }

    /// <summary>The file mode creation mask; 0022 where null.</summary>
    public uint? Umask { get; init; }

    /// <summary>Put a first process before the command that forwards signals and reaps orphans.</summary>
    public bool Init { get; init; }

    /// <summary>Whether it is a system of its own; <see cref="ContainerSystemd.Auto"/> where null.</summary>
    public ContainerSystemd? Systemd { get; init; }

    /// <summary>Give the container a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Keep standard input open.</summary>
    public bool Interactive { get; init; }

    /// <summary>The signal that asks the container to stop; the image's, else SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Seconds between that signal and SIGKILL; 10 where null.</summary>
    public int? StopTimeoutSec { get; init; }
}
