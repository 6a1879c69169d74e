using Container.Native.Monitor;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// Checks the container's health again and again. While it is starting that is done every second, so that whoever waits
/// for it learns soon; a failure counts once an interval, and not in the start period, as in other engines.
/// </summary>
internal sealed class HealthWatch(MonitorLoop loop, MonitorHealth settings, IHealthSubject subject) : IDisposable
{
    private const long StartingMilliseconds = 1000;

    private readonly long startedAt = Polling.Now();
    private readonly List<ClientConnection> waiting = [];
    private readonly List<ClientConnection> asked = [];
    private long countedAt = Polling.Now();
    private OneShotTimer? next;
    private HealthProbe? probe;
    private bool isOver;

    /// <summary>What is known.</summary>
    public MonitorHealthState State { get; private set; } = new() { Status = "starting" };

    private bool IsStarting => State.Status == "starting";

    /// <summary>Begins to wait for the first check.</summary>
    public void Schedule()
    {
        if (isOver) return;
        long delay = settings.IntervalMilliseconds;
        next = new OneShotTimer(IsStarting ? Math.Min(delay, StartingMilliseconds) : delay, Check);
        loop.Add(next);
    }

    /// <summary>
    /// Checks now, and tells <paramref name="client"/> what came of it. A check that runs already does not answer: it
    /// may have looked before what the client did.
    /// </summary>
    public void CheckFor(ClientConnection client)
    {
        waiting.Add(client);
        Check();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        next?.Dispose();
        probe?.Abandon();
        asked.AddRange(waiting);
        waiting.Clear();
        Answer(HealthProbe.Failed, "the container has ended");
    }

    private void Check()
    {
        next?.Dispose();
        if (isOver || probe is { IsClosed: false }) return;
        if (subject.IsPaused)
        {
            Schedule();
            return;
        }

        asked.AddRange(waiting);
        waiting.Clear();
        try
        {
            probe = HealthProbe.Start(
                loop,
                settings.TimeoutMilliseconds,
                (client, streams) => subject.Launch(settings.Command, client, streams),
                Judge);
        }
        catch (Exception failure) when (MonitorFailure.LacksDescriptors(failure))
        {
            // That is our state, not the container's: it says nothing about its health.
            Answer(HealthProbe.Failed, failure.Message);
            Schedule();
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            Judge(HealthProbe.Failed, failure.Message);
        }
    }

    private void Judge(int code, string output)
    {
        if (isOver) return;
        bool counts = code != 0 && Counts();
        int streak = code == 0 ? 0 : State.FailingStreak + (counts ? 1 : 0);
        string before = State.Status;
        State = new MonitorHealthState
        {
            Status = code == 0 ? "healthy" : counts && streak >= settings.Retries ? "unhealthy" : before,
            FailingStreak = streak,
            CheckedAt = DateTimeOffset.UtcNow,
            ExitCode = code,
            Output = output,
        };
        subject.HealthChanged(State, State.Status != before, settings.Action);
        Answer(code, output);
        if (waiting.Count > 0) Check();
        else Schedule();
    }

    private bool Counts()
    {
        long now = Polling.Now();
        if (!IsStarting) return true;

        // A check every second is finer than what was asked for: it may tell of health, not of its lack.
        if (now - startedAt < settings.StartPeriodMilliseconds) return false;
        if (now - countedAt < settings.IntervalMilliseconds) return false;
        countedAt = now;
        return true;
    }

    private void Answer(int code, string output)
    {
        MonitorMessage answer = new() { Type = MonitorMessageType.Checked, ExitCode = code, Message = output };
        foreach (ClientConnection client in asked)
        {
            client.Send(answer);
        }

        asked.Clear();
    }
}
