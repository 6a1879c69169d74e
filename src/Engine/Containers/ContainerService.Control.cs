using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Monitor;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Processes;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Sends a signal to the container's first process, or to all of them.</summary>
    public void Kill(string nameOrId, string signal, bool all = false, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        Request(
            document, new MonitorMessage { Type = MonitorMessageType.Kill, Signal = SignalText.Parse(signal), All = all },
            nameOrId, cancellation);
    }

    /// <summary>Sends a signal to one process of the container, by its id on the host.</summary>
    public void Kill(string nameOrId, string signal, int hostProcessId, CancellationToken cancellation = default)
    {
        MonitorMessage request = new()
        {
            Type = MonitorMessageType.Kill, Signal = SignalText.Parse(signal), Pid = hostProcessId,
        };
        Request(Document(nameOrId), request, nameOrId, cancellation);
    }

    /// <summary>
    /// Waits until one process of the container has ended. Its exit code, where it was started by
    /// <see cref="Exec"/> and the monitor still knows it; a process does not tell others how it ended.
    /// </summary>
    public int? WaitProcess(string nameOrId, int hostProcessId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        ProcessIdentity? process = ProcessIdentity.TryRead(hostProcessId);
        using MonitorClient? client = ContainerStatus.IsAlive(store.TryReadState(document.Id))
            ? MonitorClient.TryConnect(store.RunDirectory(document.Id))
            : null;
        if (client is not null)
        {
            client.Send(new MonitorMessage { Type = MonitorMessageType.Wait, Pid = hostProcessId });
            MonitorMessage? answer = client.Receive(null, cancellation);
            if (answer is { Type: MonitorMessageType.Exited }) return answer.ExitCode;
        }

        while (process is { IsRunning: true })
        {
            cancellation.WaitHandle.WaitOne(20);
            cancellation.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>Freezes the container's processes; one that is paused is left as it is.</summary>
    public ContainerRecord Pause(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerRecord record = Resolve(nameOrId);
        if (record.State == ContainerState.Paused) return record;
        Request(Document(record.Id), new MonitorMessage { Type = MonitorMessageType.Pause }, nameOrId, cancellation);
        return Resolve(record.Id);
    }

    /// <summary>Lets the container's processes go on; one that runs is left as it is.</summary>
    public ContainerRecord Resume(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerRecord record = Resolve(nameOrId);
        if (record.State == ContainerState.Running) return record;
        Request(Document(record.Id), new MonitorMessage { Type = MonitorMessageType.Resume }, nameOrId, cancellation);
        return Resolve(record.Id);
    }

    /// <summary>Stops the container if it runs, and starts it.</summary>
    public ContainerRecord Restart(string nameOrId, StopOptions? options = null, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);

        // Whoever comes by must not remove what is to go when it ends: it has not ended for good.
        using LockFile held = Lock(document.Id, cancellation);
        End(document, nameOrId, options ?? new StopOptions(), cancellation);
        return StartLocked(document, cancellation);
    }

    private void Request(
        ContainerDocument document, MonitorMessage message, string nameOrId, CancellationToken cancellation)
    {
        WhileRunning(document, nameOrId, _ =>
        {
            using MonitorClient client = ConnectTo(document, nameOrId);
            client.Request(message, nameOrId, cancellation);
            return true;
        });
    }
}
