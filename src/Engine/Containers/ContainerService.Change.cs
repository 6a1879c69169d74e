using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Events;
using Container.Engine.Monitor;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Gives a container another name; it may run.</summary>
    public ContainerRecord Rename(string nameOrId, string newName, CancellationToken cancellation = default)
    {
        ContainerName.Check(newName);
        string id = Resolve(nameOrId).Id;
        using LockFile held = Lock(id, cancellation);
        ContainerDocument document = store.TryReadNow(id) ?? throw Gone(nameOrId);
        if (document.Name == newName) return Resolve(id);
        bool isSpelling = ContainerName.Key(document.Name) == ContainerName.Key(newName);
        if (!isSpelling) _ = Reserve(newName, id, cancellation);

        // The document decides: killed before it is written, the new name is free again; after it, the old one.
        ContainerDocument renamed = document with { Name = newName };
        try
        {
            store.Write(renamed);
        }
        catch when (!isSpelling)
        {
            names.Release(newName, id, CancellationToken.None);
            throw;
        }

        if (!isSpelling) names.Release(document.Name, id, cancellation);
        TellMonitor(renamed, cancellation);
        Report(renamed, EventAction.Rename, ("oldName", document.Name));
        return Resolve(id);
    }

    /// <summary>
    /// Changes limits, labels, restart policy and health check of a container; one that runs is changed at once.
    /// </summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="change">Returns what is to be, given what is; only these settings of it are taken over.</param>
    /// <param name="lifted">Names of limits that are to be none any more.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public ContainerRecord Update(
        string nameOrId, Func<ContainerConfiguration, ContainerConfiguration> change, IReadOnlySet<string> lifted,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(lifted);
        string id = Resolve(nameOrId).Id;
        using LockFile held = Lock(id, cancellation);
        ContainerDocument document = store.TryReadNow(id) ?? throw Gone(nameOrId);
        ContainerConfiguration wanted = change(document.Configuration);
        wanted.HealthCheck?.Checked();
        string bundle = store.SpecPath(id);
        byte[] before = HostTrust.Read(bundle) ?? throw Gone(nameOrId);
        OciSpec spec = OciDocument.ReadSpec(before);
        OciLinux linux = spec.Linux ?? new OciLinux();
        OciResources limits = new SpecLimitChange(linux.Resources ?? new OciResources(), wanted, lifted)
            .Build(document.CgroupsPath);
        ContainerDocument updated = document with { Configuration = wanted };
        AtomicFile.Write(bundle, OciDocument.Write(spec with { Linux = linux with { Resources = limits } }));
        try
        {
            TellMonitor(updated, cancellation);
            store.Write(updated);
        }
        catch
        {
            // The kernel refuses a limit: everything stays as it was.
            AtomicFile.Write(bundle, before);
            TellMonitor(document, CancellationToken.None);
            throw;
        }

        Report(updated, EventAction.Update);
        return Resolve(id);
    }

    /// <summary>
    /// Prepares a container so far that its start has nothing left to do but to start it: a monitor waits, the control
    /// group is made, the filter compiled. What cannot be is said here. One that runs is left as it is.
    /// </summary>
    public ContainerRecord Initialize(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        using LockFile held = Lock(document.Id, cancellation);
        MonitorState? state = PrepareStart(document, cancellation);
        if (!ContainerStatus.IsAlive(state) && !ContainerStatus.IsHeld(state))
        {
            using MonitorClient client = Launch(document, cancellation, hold: true);
            try
            {
                client.Request(new MonitorMessage { Type = MonitorMessageType.Prepare }, nameOrId, cancellation);
            }
            catch
            {
                EndUnstarted(document, store.TryReadState(document.Id));
                throw;
            }
        }

        return Resolve(document.Id);
    }

    /// <summary>Checks the health of a container that runs, now.</summary>
    public ContainerHealthResult CheckHealth(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        return WhileRunning(document, nameOrId, state =>
        {
            RequireNotPaused(document, nameOrId, state);
            using MonitorClient client = ConnectTo(document, nameOrId);
            client.Send(new MonitorMessage { Type = MonitorMessageType.Check });
            MonitorMessage answer = Await(client, document, null, cancellation);
            return new ContainerHealthResult(Resolve(document.Id), answer.ExitCode ?? -1, answer.Message ?? "");
        });
    }

    // A monitor reads its files again when it is told to, and when it starts the container again.
    private void TellMonitor(ContainerDocument document, CancellationToken cancellation)
    {
        MonitorState? state = store.TryReadState(document.Id);
        bool held = ContainerStatus.IsHeld(state);
        if (!ContainerStatus.IsAlive(state) && !held) return;
        WriteRequest(document, store.RunDirectory(document.Id), held);
        using MonitorClient? client = MonitorClient.TryConnect(store.RunDirectory(document.Id));
        try
        {
            client?.Request(new MonitorMessage { Type = MonitorMessageType.Update }, document.Name, cancellation);
        }
        catch (Exception failure) when (!held && IsOver(document.Id, state!, failure))
        {
            // It has ended meanwhile: the next start reads the files.
        }
    }
}
