using Container.Native.Monitor;
using Container.Native.Processes;

namespace Container.Engine.Catalog;

/// <summary>
/// What a container's documents say about it at this moment. The monitor's state.json is believed while the processes
/// it names are the ones that run: the pid with its start time, in this boot of the host.
/// </summary>
internal static class ContainerStatus
{
    private const string Running = "running";
    private const string Paused = "paused";
    private const string Restarting = "restarting";
    private const string Prepared = "prepared";
    private const string Exited = "exited";

    // What engines report where the true code is lost.
    private const int UnknownExitCode = 255;

    public const string RebootText = "The host was restarted while the container ran.";
    public const string MonitorText = "The process that watches over the container was killed.";

    /// <summary>Nobody watches over what the state says is alive: it has to be recovered.</summary>
    public static bool IsAbandoned(MonitorState? state) =>
        state is { Status: not Exited } && state.BootId == HostBoot.Id && !Monitor(state).IsRunning;

    public static bool IsAlive(MonitorState? state) =>
        state is { Status: Running or Paused or Restarting } && state.BootId == HostBoot.Id && Monitor(state).IsRunning;

    /// <param name="document">The container.</param>
    /// <param name="state">Its state, where there is one.</param>
    /// <param name="isAlive">What <see cref="IsAlive"/> says; that reads /proc, once is enough.</param>
    public static ContainerRecord Describe(ContainerDocument document, MonitorState? state, bool isAlive)
    {
        ContainerRecord record = new()
        {
            Id = document.Id,
            Name = document.Name,
            Configuration = document.Configuration,
            ImageId = document.ImageId,
            ImageName = document.ImageName,
            CreatedAt = document.CreatedAt,
            IdRangeStart = document.IdRangeStart,
            LeasedTo = document.LeasedTo,
        };
        if (state is null) return record;
        record = record with
        {
            StartedAt = state.StartedAt, Error = state.Error?.Message, RestartCount = state.RestartCount,
        };
        if (isAlive) return Live(record, state);
        if (IsHeld(state)) return record with { State = ContainerState.Initialized };

        // A start that failed leaves a container that never ran.
        if (state.StartedAt is null) return record;
        bool known = state.Status == Exited;
        return record with
        {
            State = ContainerState.Exited,
            ExitCode = known ? state.ExitCode : UnknownExitCode,
            Signal = known && state.Signal is > 0 ? state.Signal : null,
            OutOfMemory = state.OutOfMemory,
            FinishedAt = state.FinishedAt,
            Error = known ? record.Error : state.BootId == HostBoot.Id ? MonitorText : RebootText,
        };
    }

    /// <summary>A monitor has prepared the container and waits for its start.</summary>
    public static bool IsHeld(MonitorState? state) => state is { Status: Prepared }
        && state.BootId == HostBoot.Id && Monitor(state).IsRunning;

    private static ContainerRecord Live(ContainerRecord record, MonitorState state) => state.Status == Restarting
        ? record with
        {
            State = ContainerState.Restarting, ExitCode = state.ExitCode, FinishedAt = state.FinishedAt,
        }
        : record with
        {
            State = state.Status == Paused ? ContainerState.Paused : ContainerState.Running,
            Pid = state.Pid,
            Uptime = new ProcessIdentity(state.Pid, state.PidStartTime).Age,
            Health = state.Health is null ? ContainerHealth.None
                : Enum.TryParse(state.Health.Status, ignoreCase: true, out ContainerHealth health) ? health
                : ContainerHealth.Starting,
            HealthOutput = state.Health?.Output,
        };

    private static ProcessIdentity Monitor(MonitorState state) => new(state.MonitorPid, state.MonitorStartTime);
}
