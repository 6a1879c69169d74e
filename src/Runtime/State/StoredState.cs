using Container.Native.Json;
using Container.Native.Processes;

namespace Container.Runtime.State;

/// <summary>What is known of a container between two calls: state.json.</summary>
[JsonObject]
internal sealed partial record StoredState
{
    /// <summary>The version of the bundle's config.json.</summary>
    public string OciVersion { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>The container's first process; 0 until there is one.</summary>
    public int Pid { get; init; }

    /// <summary>When that process started: a reused pid has another time.</summary>
    public ulong PidStartTime { get; init; }

    /// <summary>The boot in which pid and time mean something.</summary>
    public string? BootId { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>The root filesystem's absolute path.</summary>
    public string Rootfs { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    /// <summary>The container's cgroup; null where it has none.</summary>
    public string? Cgroup { get; init; }

    /// <summary>The slice and unit of systemd that the cgroup is; null where we made it.</summary>
    public string? SystemdScope { get; init; }

    /// <summary>Whether its processes are in a pid namespace of others, where they do not end with the first.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>The directory of resctrl that goes with the container, if any.</summary>
    public string? Resctrl { get; init; }

    /// <summary>Whether the configuration has hooks: most have none, and start need not read it.</summary>
    public bool HasHooks { get; init; }

    /// <summary>Whether criu has made the process: it executes nothing, its memory is filled with the program.</summary>
    [JsonName("restored")]
    public bool IsRestored { get; init; }

    /// <summary>The index of the first of <see cref="StartSteps"/> in the launch plan.</summary>
    public int FirstStartStep { get; init; }

    /// <summary>What the container's process does between start and its program.</summary>
    public IReadOnlyList<StoredStep>? StartSteps { get; init; }

    /// <summary>Standard input, output and error: <see cref="StandardStreams"/>.</summary>
    public IReadOnlyList<string>? Streams { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The container's first process, if it is still the same one and has not ended.</summary>
    public ProcessIdentity? FindProcess() => FindProcess(out _);

    /// <summary>The same.</summary>
    /// <param name="isPreparing">Whether its program has not been executed yet.</param>
    public ProcessIdentity? FindProcess(out bool isPreparing)
    {
        isPreparing = false;
        if (Pid == 0 || BootId != HostBoot.Id) return null;
        ProcessIdentity? found = ProcessIdentity.TryRead(Pid, out char state, out ProcessFlags flags);
        if (found != new ProcessIdentity(Pid, PidStartTime) || state is 'Z' or 'X') return null;
        isPreparing = flags.HasFlag(ProcessFlags.PF_FORKNOEXEC) && !IsRestored;
        return found;
    }

    /// <summary>Whether another state is of the same container, and not of a later one with its id.</summary>
    public bool IsSameProcess(StoredState other) =>
        (Pid, PidStartTime, BootId) == (other.Pid, other.PidStartTime, other.BootId);
}
