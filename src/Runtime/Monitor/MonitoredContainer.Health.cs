using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <content>The checks of its health, and what follows from them.</content>
internal sealed partial class MonitoredContainer : IHealthSubject
{
    private MonitorHealth? healthSettings;
    private OciProcess? model;
    private HealthWatch? health;

    bool IHealthSubject.IsPaused => state.State.Status == "paused";

    ExecSession IHealthSubject.Launch(IReadOnlyList<string> command, IExecClient client, int[] streams)
    {
        OciProcess process = model! with { Args = command, Terminal = false, ConsoleSize = null };
        return Run(client, process, options with { StandardStreams = streams }, isDetached: false);
    }

    void IHealthSubject.HealthChanged(MonitorHealthState found, bool isNew, string? action)
    {
        // The event first, as everywhere: who has seen a state finds what led to it.
        if (isNew)
            events.Add("health", ("status", found.Status), ("exitCode", EventWriter.Text(found.ExitCode ?? 0)));
        state.Write(state.State with { Health = found });
        if (!isNew || found.Status != "unhealthy" || process is null) return;
        switch (action)
        {
            case "restart":
                mustRestart = true;
                StopGracefully();
                break;
            case "stop":
                isStopped = true;
                StopGracefully();
                break;
            case "kill":
                Kill(Signals.SIGKILL, all: true);
                break;
            default:
                break;
        }
    }

    /// <summary>Checks the health now, for a client.</summary>
    public void Check(ClientConnection client)
    {
        RequireRunning();
        if (state.State.Status == "paused")
            throw new MonitorException("ContainerPaused", "the container is paused");
        if (health is null) throw new MonitorException("HealthCheckMissing", "the container has no health check");
        health.CheckFor(client);
    }

    private static bool IsSame(MonitorHealth? left, MonitorHealth? right) => left is null || right is null
        ? left == right
        : Lists.IsSame(left.Command, right.Command) && left with { Command = right.Command } == right;

    private void WatchHealth()
    {
        health?.Dispose();
        health = healthSettings is { Command.Count: > 0 } settings ? new HealthWatch(loop, settings, this) : null;
        health?.Schedule();
    }
}
