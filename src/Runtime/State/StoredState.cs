using Container.Native.Oci.Json;
using Container.Native.Processes;

namespace Container.Runtime.State;

/// <summary>What is known of a container between two calls: state.json.</summary>
internal sealed record StoredState : IJsonObject<StoredState>
{
    public StoredState()
    {
    }

    private StoredState(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("ociVersion"u8)) OciVersion = json.Text();
            else if (json.Is("id"u8)) Id = json.Text();
            else if (json.Is("pid"u8)) Pid = json.Int32();
            else if (json.Is("pidStartTime"u8)) PidStartTime = json.UInt64();
            else if (json.Is("bootId"u8)) BootId = json.OptionalText();
            else if (json.Is("bundle"u8)) Bundle = json.Text();
            else if (json.Is("rootfs"u8)) Rootfs = json.Text();
            else if (json.Is("created"u8)) Created = json.OptionalTime();
            else if (json.Is("cgroup"u8)) Cgroup = json.OptionalText();
            else if (json.Is("systemdScope"u8)) SystemdScope = json.OptionalText();
            else if (json.Is("sharesProcesses"u8)) SharesProcesses = json.Flag();
            else if (json.Is("resctrl"u8)) Resctrl = json.OptionalText();
            else if (json.Is("hasHooks"u8)) HasHooks = json.Flag();
            else if (json.Is("restored"u8)) IsRestored = json.Flag();
            else if (json.Is("firstStartStep"u8)) FirstStartStep = json.Int32();
            else if (json.Is("startSteps"u8)) StartSteps = json.Objects<StoredStep>();
            else if (json.Is("streams"u8)) Streams = json.Texts();
            else if (json.Is("annotations"u8)) Annotations = json.TextMap();
            else json.Skip();
        }
    }

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

    static StoredState IJsonObject<StoredState>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersion"u8, OciVersion);
        json.Member("id"u8, Id);
        json.Member("pid"u8, Pid);
        json.Member("pidStartTime"u8, PidStartTime);
        json.Member("bootId"u8, BootId);
        json.Member("bundle"u8, Bundle);
        json.Member("rootfs"u8, Rootfs);
        json.Member("created"u8, Created);
        json.Member("cgroup"u8, Cgroup);
        json.Member("systemdScope"u8, SystemdScope);
        json.Member("sharesProcesses"u8, SharesProcesses);
        json.Member("resctrl"u8, Resctrl);
        json.Member("hasHooks"u8, HasHooks);
        json.Member("restored"u8, IsRestored);
        json.Member("firstStartStep"u8, FirstStartStep);
        json.Member("startSteps"u8, StartSteps);
        json.Member("streams"u8, Streams);
        json.Member("annotations"u8, Annotations);
    }
}
