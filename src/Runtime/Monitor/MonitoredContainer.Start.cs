using Container.Native.Compilation;
using Container.Native.Hooks;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <content>Its start.</content>
internal sealed partial class MonitoredContainer
{
    // What a shell says of a command that it cannot run.
    private const int CannotStart = 127;

    private bool isWatched;

    /// <summary>Starts the container. The answer follows when its program has been executed.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="request">The request: the size of the terminal.</param>
    /// <param name="given">The client's streams, or none.</param>
    /// <param name="sinks">Takes where the client's output goes.</param>
    public void Start(
        ClientConnection client, MonitorMessage request, FileDescriptor[] given, List<OutputSink> sinks)
    {
        if (starter is not null) throw new MonitorException("ContainerRunning", "the container is running");
        starter = client;
        starterSinks = sinks;
        try
        {
            if (unprepared is not null) throw unprepared;
            Launch(request, given, sinks);
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            FailStart(failure);
        }
    }

    private void Launch(MonitorMessage request, FileDescriptor[] given, List<OutputSink> sinks)
    {
        OciSpec spec = setting!.Spec;
        OciProcess first = spec.Process! with { OomScoreAdj = spec.Process.OomScoreAdj ?? oomScoreAdjustment };
        LaunchOptions launch = options with { Init = setting.Request.Init };
        if (HasTerminal)
        {
            if (request is { Width: { } width, Height: { } height })
                first = first with { ConsoleSize = new OciBox { Width = width, Height = height } };
        }
        else
        {
            bool isAttached = given.Length == 3;
            launch = launch with { StandardStreams = streams!.CreatePipes(isAttached) };
            if (isAttached) sinks.AddRange(streams.Attach(given, isLossless: true, request.Stdin != false));
        }

        // Before anything runs: what the container writes must not be older than its start.
        startedAt = DateTimeOffset.UtcNow;
        launchedAt = Polling.Now();
        launching = ContainerLauncher.Launch(
            spec with { Process = first }, launch, launch.RootFromParent ? setting.CreateRoot : null, life!.Enter);
        streams!.CloseChildEnds();
        if (isWatched) return;
        isWatched = true;
        loop.Add(this);

        // While the child sets itself up; before, the signals may just end us.
        loop.Add(new SignalSource(Stop));
    }

    private void AdvanceStart(LaunchedProcess child)
    {
        try
        {
            if (!child.Advance()) return;
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            child.Abandon();
            child.Dispose();
            launching = null;
            FailStart(failure);
            return;
        }

        int pid = child.Pid;
        using FileDescriptor? console = child.TakeDescriptor();
        if (console is not null) streams!.UseTerminal(console.Duplicate());
        process = child.Detach();
        launching = null;
        cgroup?.Settle();

        mounts = endsWithFirst ? null : PidNamespace.FindMounts(pid);
        ulong startTime = ProcessIdentity.TryRead(pid)?.StartTime ?? 0;
        events.Add("start", ("pid", EventWriter.Text(pid)));
        bool isFirst = state.State.StartedAt is null;
        state.Write(state.State with
        {
            Status = "running",
            Pid = pid,
            PidStartTime = startTime,
            StartedAt = startedAt,
            Health = healthSettings is null ? null : new MonitorHealthState { Status = "starting" },
        });
        if (!RunPoststart(isFirst)) return;
        if (isFirst) AnswerStarter(pid, startTime);
        if (setting!.Request.TimeLimitSeconds is > 0 and int limit) LimitTime(limit);
        setting = null;
        WatchHealth();

        // Somebody wanted it to end while it was started once more.
        if (isStopped) Kill(Signals.SIGKILL, all: true);
    }

    /// <summary>"stop the container, and continue the lifecycle at step 12" (runtime.md, "Lifecycle", step 9).</summary>
    private bool RunPoststart(bool isFirst)
    {
        try
        {
            life!.Started();
            return true;
        }
        catch (HookException failure)
        {
            MonitorMessage answer = MonitorFailure.Describe(failure);
            isStopped |= isFirst;
            KillNow(Signals.SIGKILL, all: true);
            ChildProcess.Signal(process!, Signals.SIGKILL);
            ExitStatus status = ChildProcess.Wait(process!);
            process!.Dispose();
            process = null;
            if (!endsWithFirst) Try(KillRest);
            if (isFirst) starter!.Send(answer);
            Conclude(status, outOfMemory: false, answer);
            return false;
        }
    }

    private void AnswerStarter(int pid, ulong startTime)
    {
        MonitorMessage answer = new() { Type = MonitorMessageType.Started, Pid = pid, PidStartTime = startTime };
        using FileDescriptor? terminal = HasTerminal
            ? streams!.AttachTerminal(isLossless: true, withInput: true, starterSinks!)
            : null;
        if (terminal is null) starter!.Send(answer);
        else starter!.Send(answer, terminal.Number);
    }

    private void FailStart(Exception failure)
    {
        MonitorMessage answer = MonitorFailure.Describe(failure);
        if (launching is not null)
        {
            // It was on its way when something beside it failed.
            launching.Abandon();
            launching.Dispose();
            launching = null;
        }

        if (state.State.StartedAt is not null)
        {
            // It has run before: that it cannot be started now is an end like another.
            Conclude(new ExitStatus(CannotStart, 0), outOfMemory: false, answer);
            return;
        }

        streams?.Finish();
        Try(() => cgroup?.Remove());
        if (unprepared is null) _ = EndLife();
        listener?.Unlink();
        state.Write(state.State with { Status = "exited", FinishedAt = DateTimeOffset.UtcNow, Error = answer });
        listener?.Finish();
        starter!.Send(answer);
        isOver = true;
    }

    private void LimitTime(int seconds)
    {
        timeLimit = new OneShotTimer(1000L * seconds, () =>
        {
            if (process is null) return;
            limitReached = new MonitorMessage
            {
                Type = MonitorMessageType.Error,
                Id = "WaitTimeout",
                Message = $"the container was killed when its time limit of {seconds} s was reached",
            };
            Kill(Signals.SIGKILL, all: true);
        });
        loop.Add(timeLimit);
    }
}
