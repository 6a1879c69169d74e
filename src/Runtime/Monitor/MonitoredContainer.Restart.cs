using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <content>Its end, and its next start.</content>
internal sealed partial class MonitoredContainer
{
    private const int DefaultStopSeconds = 10;
    private const int LackMilliseconds = 1000;

    private readonly RestartSchedule restarts = new();
    private int stopSignal = Signals.SIGTERM;
    private int stopSeconds = DefaultStopSeconds;
    private long launchedAt;
    private bool isStopped;
    private bool mustRestart;
    private OneShotTimer? restarting;
    private OneShotTimer? timeLimit;
    private OneShotTimer? killing;

    /// <summary>Takes what may change while the container is there.</summary>
    private void Adopt(MonitorRequest request)
    {
        events.Set(request);
        streams?.Adopt(request);
        restarts.Set(request.RestartPolicy, request.RestartLimit);
        stopSignal = request.StopSignal ?? Signals.SIGTERM;
        stopSeconds = request.StopSeconds ?? DefaultStopSeconds;
        healthSettings = request.Health;
    }

    /// <summary>Reads monitor.json and config.json again: name, policies and limits.</summary>
    private void Update()
    {
        ContainerSetting fresh = ContainerSetting.Read(directory);
        if (process is not null && fresh.Spec.Linux?.Resources is { } resources)
            RequireCgroup().Apply(resources with { Devices = null });
        bool other = !IsSame(healthSettings, fresh.Request.Health);
        Adopt(fresh.Request);
        model = healthSettings is null ? null : fresh.Spec.Process;
        if (other && process is not null) WatchHealth();
    }

    private void StopGracefully()
    {
        Kill(stopSignal, all: false);
        killing = new OneShotTimer(1000L * stopSeconds, () => Kill(Signals.SIGKILL, all: true));
        loop.Add(killing);
    }

    private void End(ExitStatus status)
    {
        process!.Dispose();
        process = null;
        if (!endsWithFirst) Try(KillRest);
        health?.Dispose();
        timeLimit?.Dispose();
        killing?.Dispose();
        foreach (ExecSession session in sessions)
        {
            session.End();
        }

        bool outOfMemory = false;
        if (status.Code != 0) Try(() => outOfMemory = cgroup?.OutOfMemoryKills() > 0);
        Conclude(status, outOfMemory, limitReached);
    }

    /// <summary>
    /// The order matters to those who watch: the log is complete and nothing is left of the container when the state
    /// says that it has ended, and the state says so when clients are told. An event may be there before the state:
    /// whoever recovers looks for it.
    /// </summary>
    private void Conclude(ExitStatus status, bool outOfMemory, MonitorMessage? error)
    {
        long ran = Polling.Now() - launchedAt;
        bool again = mustRestart || (!isStopped && limitReached is null && restarts.Wants(status.Code));
        mustRestart = false;
        if (again) streams?.Renew();
        else streams?.Finish();
        Try(() => cgroup?.Remove());
        if (EndLife() is { } warning)
            error ??= new MonitorMessage { Type = MonitorMessageType.Error, Id = "HookFailed", Message = warning };
        if (outOfMemory) events.Add("outOfMemory");
        events.Add("exit", ("exitCode", EventWriter.Text(status.Code)), ("startedAt", $"{startedAt:O}"));
        MonitorState ended = state.State with
        {
            Pid = 0,
            FinishedAt = DateTimeOffset.UtcNow,
            ExitCode = status.Code,
            Signal = status.Signal > 0 ? status.Signal : null,
            OutOfMemory = outOfMemory,
            Error = error,
        };
        if (!again)
        {
            Finish(ended);
            return;
        }

        CloseCgroup();
        long delay = restarts.Next(ran);
        state.Write(ended with { Status = "restarting", RestartCount = restarts.Count });
        Schedule(delay);
    }

    /// <summary>Once for each start; what failed is a warning.</summary>
    private string? EndLife()
    {
        MonitoredLife? ended = life;
        life = null;
        string? warning = null;
        Try(() => warning = ended?.End());
        return warning;
    }

    private void CloseCgroup()
    {
        Try(() => cgroup?.Remove());
        cgroup?.Dispose();
        cgroup = null;
    }

    private void Schedule(long delay)
    {
        restarting = new OneShotTimer(delay, () => spare.Use(Relaunch));
        loop.Add(restarting);
    }

    private void Finish(MonitorState ended)
    {
        streams?.Finish();
        listener?.Unlink();
        exited = new MonitorMessage
        {
            Type = MonitorMessageType.Exited,
            ExitCode = ended.ExitCode,
            Signal = ended.Signal,
            OutOfMemory = ended.OutOfMemory,
        };
        state.Write(ended with { Status = "exited" });

        // After the state: clients may be as many as there are descriptors.
        listener?.Finish();
    }

    /// <summary>A launch like the first one, with what the files say now; nobody of the engine is needed.</summary>
    private void Relaunch()
    {
        restarting = null;
        unprepared = null;
        Prepare();
        try
        {
            if (unprepared is not null && MonitorFailure.LacksDescriptors(unprepared)) throw unprepared;
            events.Add("restart", ("count", EventWriter.Text(restarts.Count)));
            if (unprepared is not null) throw unprepared;
            Launch(new MonitorMessage(), [], starterSinks!);
        }
        catch (Exception failure) when (MonitorFailure.LacksDescriptors(failure))
        {
            // Clients have them all. That is no end of the container's: it is started when some have gone.
            streams?.Renew();
            CloseCgroup();
            Schedule(LackMilliseconds);
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            FailStart(failure);
        }
    }

    /// <summary>It was to be started again, and is not any more.</summary>
    private bool CancelRestart()
    {
        if (restarting is null) return false;
        restarting.Dispose();
        restarting = null;
        Finish(state.State);
        return true;
    }
}
