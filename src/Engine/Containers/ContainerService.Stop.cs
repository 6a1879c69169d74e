using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    // After SIGKILL nothing of the container's decides any more; only a process in the kernel can be late.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Asks the container to stop, and kills it when it has not after its grace period. One that does not run is left
    /// as it is.
    /// </summary>
    public ContainerRecord Stop(string nameOrId, StopOptions? options = null, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        End(document, nameOrId, options ?? new StopOptions(), cancellation);
        ContainerRecord stopped = Resolve(document.Id);
        if (stopped.State == ContainerState.Exited) Ended(stopped);
        return stopped;
    }

    /// <summary>
    /// Waits until the container has ended; one that was never started has to be started by somebody else.
    /// </summary>
    public ContainerExit Wait(string nameOrId, CancellationToken cancellation = default)
    {
        // One that removes itself may have done so already.
        if (TryResolve(nameOrId) is null && TryGetEnded(nameOrId) is { } over) return Ended(over);
        ContainerDocument document = Document(nameOrId);
        while (true)
        {
            ContainerRecord record = TryGet(document.Id) ?? TryGetEnded(document.Id) ?? throw Gone(nameOrId);
            if (record.State == ContainerState.Exited) return Ended(record);
            if (record.State is not (ContainerState.Created or ContainerState.Initialized) && Listen(document, cancellation) is { } exit)
            {
                if (TryGet(document.Id) is { } ended) Ended(ended);
                return exit;
            }

            cancellation.WaitHandle.WaitOne(20);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void End(
        ContainerDocument document, string nameOrId, StopOptions options, CancellationToken cancellation)
    {
        int signal = options.Force ? SignalNumber.Kill
            : options.Signal is null ? document.StopSignal : SignalText.Parse(options.Signal);
        int grace = options.TimeoutSec ?? document.Configuration.StopTimeoutSec ?? ContainerDefaults.StopTimeoutSec;
        if (signal == SignalNumber.Kill || !EndsAfter(document, signal, TimeSpan.FromSeconds(grace), cancellation, out _))
            KillAndWait(document, nameOrId, cancellation);
    }

    private ContainerExit Ended(ContainerRecord record)
    {
        if (!TrySweep(record)) Keep(record.Id);
        return new ContainerExit(record.ExitCode ?? 0, record.Signal, record.OutOfMemory);
    }

    // The monitor's own record of the end does not survive a reboot.
    private void Keep(string id)
    {
        if (store.TryReadState(id) is { Status: "exited" } state) store.KeepState(id, state);
    }

    // Null when the monitor has gone meanwhile: its state.json says the rest.
    private ContainerExit? Listen(ContainerDocument document, CancellationToken cancellation)
    {
        using MonitorClient? client = MonitorClient.TryConnect(store.RunDirectory(document.Id));
        if (client is null) return null;
        try
        {
            client.Send(new MonitorMessage { Type = MonitorMessageType.Wait });
            while (client.Receive(null, cancellation) is { } message)
            {
                if (message.Type == MonitorMessageType.Exited) return ContainerExit.Of(message);
            }
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            // It ended between the connection and the question.
        }

        return null;
    }

    /// <summary>Whether the container has ended, at the latest so long after the signal.</summary>
    private bool EndsAfter(
        ContainerDocument document,
        int signal,
        TimeSpan grace,
        CancellationToken cancellation,
        out MonitorMessage? refusal)
    {
        refusal = null;
        MonitorState? state = ReadState(document.Id);
        if (ContainerStatus.IsAbandoned(state)) state = TryRecover(document, state!);
        if (!ContainerStatus.IsAlive(state)) return true;
        using MonitorClient? client = MonitorClient.TryConnect(store.RunDirectory(document.Id));
        if (client is null) return HasEnded(document, cancellation);
        try
        {
            client.Send(new MonitorMessage { Type = MonitorMessageType.Wait });

            // What is frozen takes no signal: it is sent first, so that nothing runs on before it.
            client.Send(new MonitorMessage { Type = MonitorMessageType.Kill, Signal = signal, Stop = true });
            if (state!.Status == "paused") client.Send(new MonitorMessage { Type = MonitorMessageType.Resume });
            long deadline = Environment.TickCount64 + (long)Math.Min(grace.TotalMilliseconds, int.MaxValue);
            while (client.Receive(deadline, cancellation, out bool late) is var message)
            {
                if (late) return false;
                if (message is null) return HasEnded(document, cancellation);
                if (message.Type == MonitorMessageType.Error) refusal = message;
                if (message.Type == MonitorMessageType.Exited) break;
            }
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            return HasEnded(document, cancellation);
        }

        return HasEnded(document, cancellation);
    }

    // A monitor records the end when nothing of the container is left, and only then says so: a conversation that ends
    // without it is that of a monitor that died.
    private bool HasEnded(ContainerDocument document, CancellationToken cancellation)
    {
        while (true)
        {
            MonitorState? state = ReadState(document.Id);
            if (ContainerStatus.IsAbandoned(state)) state = TryRecover(document, state!);
            if (!ContainerStatus.IsAlive(state)) return true;
            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(2);
        }
    }

    private void KillAndWait(ContainerDocument document, string nameOrId, CancellationToken cancellation)
    {
        if (EndsAfter(document, SignalNumber.Kill, KillTime, cancellation, out MonitorMessage? refusal)) return;
        throw new EngineException(
            ErrorId.StopTimeout,
            $"The container '{document.Name}' has not ended in time{(refusal is null ? "" : $": {refusal.Message}")}.",
            refusal?.Hint,
            nameOrId);
    }
}
