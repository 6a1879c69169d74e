using Container.Native.Json;
using Container.Native.Oci;

namespace Container.Native.Monitor;

/// <summary>What a monitor is to run: monitor.json, written by the engine before it starts the monitor.</summary>
[JsonObject]
public sealed partial record MonitorRequest
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

    /// <summary>The log file; none where this is null.</summary>
    public string? LogPath { get; init; }

    /// <summary>The size at which the log is rotated.</summary>
    public long LogMaxBytes { get; init; } = 10485760;

    /// <summary>How many log files are kept.</summary>
    public int LogMaxFiles { get; init; } = 3;

    /// <summary>The journal that gets the log instead of a file; nothing is logged where there is neither.</summary>
    public MonitorJournal? Journal { get; init; }

    /// <summary>Whether standard input stays open when no client is attached.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Seconds after which the container is killed.</summary>
    public int? TimeLimitSeconds { get; init; }

    /// <summary>The file that events are appended to; none are where this is null.</summary>
    public string? EventLog { get; init; }

    /// <summary>onFailure or always: when the container is started again; never where null.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary>How often it is started again after failures; without end where null.</summary>
    public int? RestartLimit { get; init; }

    /// <summary>The signal that asks the container to stop; SIGTERM where null.</summary>
    public int? StopSignal { get; init; }

    /// <summary>Seconds from that signal to SIGKILL; 10 where null.</summary>
    public int? StopSeconds { get; init; }

    /// <summary>How its health is checked; not at all where null.</summary>
    public MonitorHealth? Health { get; init; }

    /// <summary>Whether the first process is one that forwards signals and reaps, beside the program.</summary>
    public bool Init { get; init; }

    /// <summary>Wait for a client to start the container, however long that takes.</summary>
    public bool Hold { get; init; }

    /// <summary>The directory of compiled system-call filters; null compiles anew each time.</summary>
    public string? SeccompCache { get; init; }

    /// <summary>What removes the container when it has ended and its owner has gone; nothing where null.</summary>
    public OciHook? Removal { get; init; }

    /// <summary>The user whose container it is, as the engine sees the user.</summary>
    public long OwnerUid { get; init; }

    /// <summary>The process that removes it as long as it lives: whoever started it.</summary>
    public int OwnerPid { get; init; }

    /// <summary>When that process started, in clock ticks since boot.</summary>
    public ulong OwnerStartTime { get; init; }
}
