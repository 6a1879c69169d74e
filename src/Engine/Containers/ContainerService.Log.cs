using Container.Engine.Logs;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>What a container wrote, line by line; when following, until it ends.</summary>
    public IEnumerable<LogEntry> ReadLog(
        string nameOrId, LogOptions? options = null, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        if (document.Configuration.LogDriver == ContainerLogDriver.None)
        {
            throw new EngineException(
                ErrorId.LogUnavailable, $"The container '{document.Name}' keeps no log.",
                "Create it with -LogDriver File, or connect to it.", nameOrId);
        }

        return LogReader.Read(
            store.LogPath(document.Id), options ?? new LogOptions(), () => HasStopped(document.Id), cancellation);
    }

    private bool HasStopped(string id) => !ContainerStatus.IsAlive(store.TryReadState(id));
}
