namespace Container.Native.Oci;

/// <summary>What a monitor is to run: monitor.json, written by the engine before it starts the monitor.</summary>
public sealed record MonitorRequest
{
    /// <summary>The container's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The container's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The directory that holds config.json.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>The directory for state.json and monitor.sock.</summary>
    public string StateDirectory { get; init; } = "";

    /// <summary>Where the root filesystem comes from.</summary>
    public MonitorRootfs Rootfs { get; init; } = new();

    /// <summary>The log file; nothing is logged where this is null.</summary>
    public string? LogPath { get; init; }

    /// <summary>The size at which the log is rotated.</summary>
    public long LogMaxBytes { get; init; } = 10485760;

    /// <summary>How many log files are kept.</summary>
    public int LogMaxFiles { get; init; } = 3;

    /// <summary>Whether standard input stays open when no client is attached.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Seconds after which the container is killed.</summary>
    public int? TimeLimitSeconds { get; init; }
}
