using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The process of a container: <c>process</c> of config.json, and the process.json of exec.</summary>
[JsonObject]
public sealed partial record OciProcess
{
    /// <summary>Whether the process gets a pseudo terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>The size of that terminal.</summary>
    public OciBox? ConsoleSize { get; init; }

    /// <summary>The ids the process runs with.</summary>
    public OciUser User { get; init; } = new();

    /// <summary>The program and its arguments.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The working directory, absolute inside the container.</summary>
    public string Cwd { get; init; } = "";

    /// <summary>The five capability sets; none where this is null.</summary>
    public OciCapabilities? Capabilities { get; init; }

    /// <summary>Resource limits, setrlimit(2).</summary>
    public IReadOnlyList<OciRlimit>? Rlimits { get; init; }

    /// <summary>Whether execve(2) may never grant privileges.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The AppArmor profile to run under.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>What /proc/PID/oom_score_adj is set to, -1000 to 1000.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>Scheduling attributes, sched_setattr(2).</summary>
    public OciScheduler? Scheduler { get; init; }

    /// <summary>The SELinux context to run in.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>The I/O priority, ioprio_set(2).</summary>
    public OciIoPriority? IoPriority { get; init; }

    /// <summary>The processors a process of exec may run on.</summary>
    [JsonName("execCPUAffinity")]
    public OciCpuAffinity? ExecCpuAffinity { get; init; }
}
