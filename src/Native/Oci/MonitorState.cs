using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a monitor knows of its container: state.json, replaced atomically.</summary>
public sealed record MonitorState : IJsonObject<MonitorState>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorState()
    {
    }

    private MonitorState(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("status"u8)) Status = json.Text();
            else if (json.Is("pid"u8)) Pid = json.Int32();
            else if (json.Is("pidStartTime"u8)) PidStartTime = json.UInt64();
            else if (json.Is("monitorPid"u8)) MonitorPid = json.Int32();
            else if (json.Is("monitorStartTime"u8)) MonitorStartTime = json.UInt64();
            else if (json.Is("bootId"u8)) BootId = json.OptionalText();
            else if (json.Is("startedAt"u8)) StartedAt = json.OptionalTime();
            else if (json.Is("finishedAt"u8)) FinishedAt = json.OptionalTime();
            else if (json.Is("exitCode"u8)) ExitCode = json.OptionalInt32();
            else if (json.Is("signal"u8)) Signal = json.OptionalInt32();
            else if (json.Is("outOfMemory"u8)) OutOfMemory = json.Flag();
            else if (json.Is("restartCount"u8)) RestartCount = json.Int32();
            else if (json.Is("health"u8)) Health = json.Object<MonitorHealthState>();
            else if (json.Is("error"u8)) Error = json.Object<MonitorMessage>();
            else json.Skip();
        }
    }

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

    static MonitorState IJsonObject<MonitorState>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("status"u8, Status);
        json.Member("pid"u8, Pid);
        json.Member("pidStartTime"u8, PidStartTime);
        json.Member("monitorPid"u8, MonitorPid);
        json.Member("monitorStartTime"u8, MonitorStartTime);
        json.Member("bootId"u8, BootId);
        json.Member("startedAt"u8, StartedAt);
        json.Member("finishedAt"u8, FinishedAt);
        json.Member("exitCode"u8, ExitCode);
        json.Member("signal"u8, Signal);
        json.Member("outOfMemory"u8, OutOfMemory);
        json.Member("restartCount"u8, RestartCount > 0 ? RestartCount : null);
        json.Member("health"u8, Health);
        json.Member("error"u8, Error);
    }
}
