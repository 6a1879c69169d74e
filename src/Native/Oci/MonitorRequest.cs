using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a monitor is to run: monitor.json, written by the engine before it starts the monitor.</summary>
public sealed record MonitorRequest : IJsonObject<MonitorRequest>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorRequest()
    {
    }

    private MonitorRequest(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("id"u8)) Id = json.Text();
            else if (json.Is("name"u8)) Name = json.Text();
            else if (json.Is("bundle"u8)) Bundle = json.Text();
            else if (json.Is("stateDirectory"u8)) StateDirectory = json.Text();
            else if (json.Is("rootfs"u8)) Rootfs = json.Object<MonitorRootfs>() ?? new MonitorRootfs();
            else if (json.Is("logPath"u8)) LogPath = json.OptionalText();
            else if (json.Is("logMaxBytes"u8)) LogMaxBytes = json.Int64();
            else if (json.Is("logMaxFiles"u8)) LogMaxFiles = json.Int32();
            else if (json.Is("journal"u8)) Journal = json.Object<MonitorJournal>();
            else if (json.Is("openStdin"u8)) OpenStdin = json.Flag();
            else if (json.Is("timeLimitSeconds"u8)) TimeLimitSeconds = json.OptionalInt32();
            else if (json.Is("eventLog"u8)) EventLog = json.OptionalText();
            else if (json.Is("restartPolicy"u8)) RestartPolicy = json.OptionalText();
            else if (json.Is("restartLimit"u8)) RestartLimit = json.OptionalInt32();
            else if (json.Is("stopSignal"u8)) StopSignal = json.OptionalInt32();
            else if (json.Is("stopSeconds"u8)) StopSeconds = json.OptionalInt32();
            else if (json.Is("health"u8)) Health = json.Object<MonitorHealth>();
            else if (json.Is("init"u8)) Init = json.Flag();
            else if (json.Is("hold"u8)) Hold = json.Flag();
            else if (json.Is("seccompCache"u8)) SeccompCache = json.OptionalText();
            else if (json.Is("removal"u8)) Removal = json.Object<OciHook>();
            else if (json.Is("ownerPid"u8)) OwnerPid = json.Int32();
            else if (json.Is("ownerStartTime"u8)) OwnerStartTime = json.UInt64();
            else json.Skip();
        }
    }

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

    /// <summary>The process that removes it as long as it lives: whoever started it.</summary>
    public int OwnerPid { get; init; }

    /// <summary>When that process started, in clock ticks since boot.</summary>
    public ulong OwnerStartTime { get; init; }

    static MonitorRequest IJsonObject<MonitorRequest>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("id"u8, Id);
        json.Member("name"u8, Name);
        json.Member("bundle"u8, Bundle);
        json.Member("stateDirectory"u8, StateDirectory);
        json.Member("rootfs"u8, Rootfs);
        json.Member("logPath"u8, LogPath);
        json.Member("logMaxBytes"u8, LogMaxBytes);
        json.Member("logMaxFiles"u8, LogMaxFiles);
        json.Member("journal"u8, Journal);
        json.Member("openStdin"u8, OpenStdin);
        json.Member("timeLimitSeconds"u8, TimeLimitSeconds);
        json.Member("eventLog"u8, EventLog);
        json.Member("restartPolicy"u8, RestartPolicy);
        json.Member("restartLimit"u8, RestartLimit);
        json.Member("stopSignal"u8, StopSignal);
        json.Member("stopSeconds"u8, StopSeconds);
        json.Member("health"u8, Health);
        json.Member("init"u8, Init);
        json.Member("hold"u8, Hold);
        json.Member("seccompCache"u8, SeccompCache);
        json.Member("removal"u8, Removal);
        json.Member("ownerPid"u8, OwnerPid);
        json.Member("ownerStartTime"u8, OwnerStartTime);
    }
}
