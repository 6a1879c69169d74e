using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Monitor;
using Container.Engine.Store;
using Container.Native.Monitor;

namespace Container.Engine.Containers;

/// <summary>
/// Containers that a process has for a while. It removes them; where it is killed before, their monitors end them and have
/// them removed, or the next command that comes by does it.
/// </summary>
public sealed partial class ContainerService
{
    /// <summary>Makes a container that goes with this process at the latest, if it does not run by then.</summary>
    public ContainerRecord CreateLeased(ContainerConfiguration configuration, CancellationToken cancellation = default) =>
        Create(configuration, LeaseHolder.Current, cancellation);

    /// <summary>Starts a container, or takes one that runs, for the caller alone; from then on it goes with this process.
    /// </summary>
    public ContainerLease Lease(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        using LockFile held = Lock(document.Id, cancellation);
        document = (store.TryReadNow(document.Id) ?? throw Gone(nameOrId)) with { LeasedTo = LeaseHolder.Current };
        store.Write(document);
        MonitorState? state = PrepareStart(document, cancellation);
        bool runs = ContainerStatus.IsAlive(state);
        bool waits = ContainerStatus.IsHeld(state);
        if (runs || waits) WriteRequest(document, store.RunDirectory(document.Id), waits);
        MonitorClient client = runs ? ConnectTo(document, nameOrId) : Launch(document, cancellation);
        try
        {
            client.Send(new MonitorMessage
            {
                Type = runs ? MonitorMessageType.Detach : MonitorMessageType.Start,
                Detach = false,
            });
            if (!runs) Await(client, document, null, cancellation);
            return new ContainerLease(client, runs ? Resolve(document.Id) : Started(document));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
