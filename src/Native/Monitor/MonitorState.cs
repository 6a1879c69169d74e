using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>What a monitor knows of its container: state.json, replaced atomically.</summary>
[JsonObject]
public sealed partial record MonitorState
{
    /// <summary>created, prepared, running, paused, restarting or exited.</summary>
    public string Status { get; init; } = "";

    /// <summary>The container's process; 0 before it starts.</summary>
    public int Pid { get; init; }

    /// <summary>When it started, in clock ticks since boot: a reused pid has another one.</summary>
    public ulong PidStartTime { get; init; }

    /// <summary>The monitor.</summary>
    public int MonitorPid { get; init; }

    /// <summary>When the monitor started, in clock ticks since boot.</summary>
    public ulong MonitorStartTime { get; init; }

    /// <summary>/proc/sys/kernel/random/boot_id: after a reboot no pid is valid.</summary>
    public string? BootId { get; init; }

    /// <summary>When the container's process was executed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its exit code, 128 + signal when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether the kernel killed for lack of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>How often the monitor has started it again.</summary>
    public int RestartCount { get; init; }

    /// <summary>What the checks of its health have shown; null where there are none.</summary>
    public MonitorHealthState? Health { get; init; }

    /// <summary>Why it could not be started.</summary>
    public MonitorMessage? Error { get; init; }
}
