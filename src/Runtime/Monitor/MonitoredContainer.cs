using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>The container and what happens to it, from the request to start it to its end.</summary>
internal sealed partial class MonitoredContainer : PollSource
{
    private readonly MonitorLoop loop;
    private readonly string directory;
    private readonly int? oomScoreAdjustment;
    private readonly SpareDescriptors spare;
    private readonly StateFile state;
    private readonly EventWriter events;
    private readonly List<ClientConnection> clients = [];
    private readonly List<ExecSession> sessions = [];
    private readonly EndedProcesses ended = new();
    private ContainerSetting? setting;
    private Exception? unprepared;
    private ContainerStreams? streams;
    private CgroupManager? cgroup;
    private LaunchOptions options = new();
    private MonitoredLife? life;
    private OciSpec skeleton = new();
    private LaunchedProcess? launching;
    private FileDescriptor? process;
    private ClientListener? listener;
    private ClientConnection? starter;
    private List<OutputSink>? starterSinks;
    private DateTimeOffset startedAt;
    private MonitorMessage? exited;
    private bool endsWithFirst;
    private ulong? mounts;
    private bool isOver;

    public MonitoredContainer(MonitorLoop loop, string directory, int? oomScoreAdjustment)
    {
        this.loop = loop;
        this.directory = directory;
        this.oomScoreAdjustment = oomScoreAdjustment;
        spare = new SpareDescriptors();
        state = new StateFile(directory, spare);
        events = new EventWriter(spare);
    }

    /// <summary>Whether it waits for its start without end.</summary>
    public bool IsHeld => setting?.Request.Hold == true;

    /// <summary>Whether its first process has a terminal.</summary>
    public bool HasTerminal { get; private set; }

    public override int Descriptor => launching?.Channel.Number ?? process?.Number ?? -1;

    public override short Events => Polling.POLLIN;

    /// <summary>Takes clients from now on.</summary>
    public void Listen()
    {
        listener = new ClientListener(directory, socket =>
        {
            ClientConnection client = new(socket, this, loop.Buffer);
            clients.Add(client);
            loop.Add(client);
        });
        loop.Add(listener);
    }

    /// <summary>Does whatever can be done before a client asks to start; a failure is kept for its answer.</summary>
    public void Prepare()
    {
        try
        {
            setting = ContainerSetting.Read(directory);
            OciSpec spec = setting.Spec;
            HasTerminal = spec.Process!.Terminal;
            Adopt(setting.Request);
            if (starter is null) state.Write(state.State with { Status = IsHeld ? "prepared" : "created" });
            cgroup = setting.OpenCgroup();
            cgroup?.Create();
            cgroup?.Apply(spec.Linux?.Resources ?? new OciResources());
            life = new MonitoredLife(setting);
            options = setting.CreateOptions(cgroup, life);

            // What a further process needs of the document, which is dropped when the container runs.
            skeleton = new OciSpec
            {
                Process = new OciProcess
                {
                    Capabilities = new OciCapabilities { Bounding = spec.Process.Capabilities?.Bounding },
                },
                Linux = new OciLinux
                {
                    Namespaces = spec.Linux?.Namespaces,
                    UidMappings = spec.Linux?.UidMappings,
                    Personality = spec.Linux?.Personality,
                    MemoryPolicy = spec.Linux?.MemoryPolicy,
                },
            };
            endsWithFirst = new LaunchNamespaces(spec.Linux?.Namespaces).Creates(CloneArguments.CLONE_NEWPID);
            streams ??= new ContainerStreams(loop, setting.Request);
            model = setting.Request.Health is null ? null : spec.Process;
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            unprepared = failure;
        }
    }

    /// <summary>Whether everything is done, and everybody has been told.</summary>
    public bool IsOver()
    {
        int gone = clients.RemoveAll(static client => client.IsClosed)
            + sessions.RemoveAll(static session => session.IsClosed);
        if (gone > 0) listener?.Resume();
        if (exited is null) return isOver;
        bool settled = true;
        foreach (ClientConnection client in clients)
        {
            settled &= client.Settle(exited);
        }

        return settled;
    }

    /// <summary>Nobody wants to start the container.</summary>
    public void GiveUp()
    {
        if (starter is not null) return;
        Try(() => cgroup?.Remove());
        listener?.Dispose();
        isOver = true;
    }

    /// <summary>Fails unless the container has been started.</summary>
    public void RequireStarted()
    {
        if (starter is null) throw NotRunning();
    }

    public override void Ready(short events)
    {
        try
        {
            if (launching is not null) spare.Use(() => AdvanceStart(launching));
            else if (process is not null && ChildProcess.Poll(process) is { } status) spare.Use(() => End(status));
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            // Nobody else would end the container, or say that it has ended: its state would be "running" for ever.
            if (process is not null) Try(() => ChildProcess.Signal(process, Signals.SIGKILL));
            else Finish(state.State with { Pid = 0, FinishedAt = DateTimeOffset.UtcNow, Error = MonitorFailure.Describe(failure) });
        }
    }

    /// <summary>Cleans up. What fails is left to whoever removes the container; the container's end goes on.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            return;
        }
    }

    protected override void Close()
    {
        launching?.Dispose();
        process?.Dispose();
        streams?.Dispose();
        cgroup?.Dispose();
        listener?.Dispose();
        spare.Dispose();
    }

    // One that has ended is still there until its status has been taken, in a later turn.
    private FileDescriptor RequireRunning() =>
        process is { } first && !ContainerEnd.HasEnded(first) ? first : throw NotRunning();

    private static MonitorException NotRunning() => new("ContainerNotRunning", "the container is not running");
}
