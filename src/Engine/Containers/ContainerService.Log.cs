using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Logs;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>What a container wrote, line by line; when following, until it ends.</summary>
    public IEnumerable<LogEntry> ReadLog(
        string nameOrId, LogOptions? options = null, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        options ??= new LogOptions();
        return document.Configuration.LogDriver switch
        {
            ContainerLogDriver.File or null => LogReader.Read(
                store.LogPath(document.Id), options, () => HasStopped(document.Id), cancellation),
            ContainerLogDriver.Journald => JournalReader.Read(
                document.Id, store.Owner(document.Id), options, () => HasStopped(document.Id), cancellation),
            _ => throw new EngineException(
                ErrorId.LogUnavailable, $"The container '{document.Name}' keeps no log.",
                "Create it with -LogDriver File, or connect to it.", nameOrId),
        };
    }

    /// <summary>Fails where what the container writes could not be kept.</summary>
    private void RequireLog(ContainerConfiguration configuration)
    {
        _ = LogSettings.Read(configuration);
        if (configuration.LogDriver == ContainerLogDriver.Journald) Journal.RequireSocket(store.Paths);
    }

    private bool HasStopped(string id) => !ContainerStatus.IsAlive(store.TryReadState(id));
}
