using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The process of a container: <c>process</c> of config.json, and the process.json of exec.</summary>
public sealed record OciProcess : IJsonObject<OciProcess>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciProcess()
    {
    }

    private OciProcess(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("terminal"u8)) Terminal = json.Flag();
            else if (json.Is("consoleSize"u8)) ConsoleSize = json.Object<OciBox>();
            else if (json.Is("user"u8)) User = json.Object<OciUser>() ?? new OciUser();
            else if (json.Is("args"u8)) Args = json.Texts();
            else if (json.Is("env"u8)) Env = json.Texts();
            else if (json.Is("cwd"u8)) Cwd = json.Text();
            else if (json.Is("capabilities"u8)) Capabilities = json.Object<OciCapabilities>();
            else if (json.Is("rlimits"u8)) Rlimits = json.Objects<OciRlimit>();
            else if (json.Is("noNewPrivileges"u8)) NoNewPrivileges = json.Flag();
            else if (json.Is("apparmorProfile"u8)) ApparmorProfile = json.OptionalText();
            else if (json.Is("oomScoreAdj"u8)) OomScoreAdj = json.OptionalInt32();
            else if (json.Is("scheduler"u8)) Scheduler = json.Object<OciScheduler>();
            else if (json.Is("selinuxLabel"u8)) SelinuxLabel = json.OptionalText();
            else if (json.Is("ioPriority"u8)) IoPriority = json.Object<OciIoPriority>();
            else if (json.Is("execCPUAffinity"u8)) ExecCpuAffinity = json.Object<OciCpuAffinity>();
            else json.Skip();
        }
    }

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
    public OciCpuAffinity? ExecCpuAffinity { get; init; }

    static OciProcess IJsonObject<OciProcess>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("terminal"u8, Terminal);
        json.Member("consoleSize"u8, ConsoleSize);
        json.Member("user"u8, User);
        json.Member("args"u8, Args);
        json.Member("env"u8, Env);
        json.Member("cwd"u8, Cwd);
        json.Member("capabilities"u8, Capabilities);
        json.Member("rlimits"u8, Rlimits);
        json.Member("noNewPrivileges"u8, NoNewPrivileges);
        json.Member("apparmorProfile"u8, ApparmorProfile);
        json.Member("oomScoreAdj"u8, OomScoreAdj);
        json.Member("scheduler"u8, Scheduler);
        json.Member("selinuxLabel"u8, SelinuxLabel);
        json.Member("ioPriority"u8, IoPriority);
        json.Member("execCPUAffinity"u8, ExecCpuAffinity);
    }
}
