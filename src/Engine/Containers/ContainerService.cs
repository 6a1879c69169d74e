using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Images;
using Container.Engine.Secrets;
using Container.Engine.Settings;
using Container.Engine.State;
using Container.Engine.Storage;
using Container.Engine.Store;
using Container.Engine.Volumes;
using Container.Native.Monitor;

namespace Container.Engine.Containers;

/// <summary>
/// Containers: create, find, start, watch, stop, remove. Any number of callers, in any number of processes, may use it
/// at once: what changes a container holds that container's lock, what only reads takes none.
/// </summary>
public sealed partial class ContainerService
{
    private readonly ContainerStore store;
    private readonly SettingsService settings;
    private readonly ImageService images;
    private readonly VolumeService volumes;
    private readonly SecretService secrets;
    private readonly EventService events;
    private readonly NameRegistry names;
    private readonly IdRangeAllocator idRanges;
    private readonly IReadOnlyList<string>? sweeper;

    internal ContainerService(
        EnginePaths paths,
        SettingsService settings,
        ImageService images,
        VolumeService volumes,
        SecretService secrets,
        EventService events,
        IReadOnlyList<string>? sweeper)
    {
        this.sweeper = sweeper;
        this.settings = settings;
        this.images = images;
        this.volumes = volumes;
        this.secrets = secrets;
        this.events = events;
        store = new ContainerStore(paths);
        names = new NameRegistry(paths, IsAbandonedCreation);
        idRanges = new IdRangeAllocator(paths);
    }

    /// <summary>
    /// All containers, in the order of their creation. Reads files only, unless there is something left to clear away.
    /// </summary>
    public IReadOnlyList<ContainerRecord> List() => List(static failure => throw failure);

    /// <summary>The same; containers whose documents cannot be read are told, and left out.</summary>
    public IReadOnlyList<ContainerRecord> List(Action<EngineException> onDamaged)
    {
        ArgumentNullException.ThrowIfNull(onDamaged);
        List<ContainerRecord> records = [];
        foreach (string id in store.Directories())
        {
            try
            {
                if (TryGet(id) is not { } record) Collect(id);
                else if (!TrySweep(record)) records.Add(record);
            }
            catch (EngineException failure) when (failure.IsOfState)
            {
                onDamaged(failure);
            }
        }

        records.Sort(static (left, right) => left.CreatedAt.CompareTo(right.CreatedAt));
        return records;
    }

    /// <summary>The container with this name, id, or unique beginning (3 digits at least) of an id.</summary>
    public ContainerRecord Resolve(string nameOrId)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        return TryResolve(nameOrId) ?? throw new EngineException(
            ErrorId.ContainerNotFound, $"There is no container '{nameOrId}'.", target: nameOrId);
    }

    /// <summary>The container, or null; an ambiguous beginning of an id is an error here too.</summary>
    public ContainerRecord? TryResolve(string nameOrId)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        if (ContainerName.IsValid(nameOrId) && names.Find(nameOrId) is { } named && TryGet(named) is { } record
            && ContainerName.Key(record.Name) == ContainerName.Key(nameOrId))
            return record;

        string prefix = nameOrId.ToLowerInvariant();
        if (!ObjectId.IsPrefix(prefix) || prefix.Length < 3) return null;
        if (prefix.Length == ObjectId.Length) return TryGet(prefix);
        List<string> matches = [.. store.Directories()
            .Where(id => id.StartsWith(prefix, StringComparison.Ordinal) && store.Exists(id)).Take(2)];
        return matches.Count switch
        {
            0 => null,
            1 => TryGet(matches[0]),
            _ => throw new EngineException(
                ErrorId.AmbiguousIdentifier,
                $"Several containers have an id that begins with '{nameOrId}'.",
                target: nameOrId),
        };
    }

    /// <summary>Bytes that the container takes on the disk: what it wrote, its log and its description.</summary>
    public long GetSize(string id, CancellationToken cancellation = default) =>
        DirectorySize.Measure(store.Paths, store.Directory(id), cancellation);

    /// <summary>The containers that use a namespace of this one.</summary>
    public IReadOnlyList<ContainerRecord> FindDependents(ContainerRecord container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return [.. List().Where(other => other.Id != container.Id && Namespaces(other.Configuration).Any(IsOf))];

        bool IsOf(NamespaceMode? mode) => mode is { Kind: NamespaceKind.Container, Target: { } target }
            && TryResolve(target)?.Id == container.Id;
    }

    private static NamespaceMode?[] Namespaces(ContainerConfiguration made) =>
    [
        made.UserNamespace, made.PidNamespace, made.IpcNamespace, made.UtsNamespace, made.CgroupNamespace,
        made.NetworkNamespace,
    ];

    private ContainerRecord? TryGet(string id)
    {
        if (store.TryRead(id) is not { } document) return null;
        MonitorState? state = ReadState(id);
        bool alive = ContainerStatus.IsAlive(state);
        if (!alive && ContainerStatus.IsAbandoned(state))
        {
            state = TryRecover(document, state!);
            alive = ContainerStatus.IsAlive(state);
        }

        return ContainerStatus.Describe(document, state, alive);
    }

    private StoreFiles Stored => store.Paths.Files;

    private MonitorState? ReadState(string id) => store.TryReadState(id) ?? store.TryReadKeptState(id);

    private ContainerDocument Document(string nameOrId)
    {
        ContainerRecord record = Resolve(nameOrId);
        return store.TryRead(record.Id) ?? throw Gone(nameOrId);
    }

    private LockFile Lock(string id, CancellationToken cancellation)
    {
        LockFile held;
        try
        {
            held = LockFile.Acquire(store.LockPath(id), exclusive: true, cancellation);
        }
        catch (EngineException) when (!Directory.Exists(store.Directory(id)))
        {
            throw Gone(id);
        }

        if (store.Exists(id)) return held;
        held.Dispose();
        throw Gone(id);
    }

    private static EngineException Gone(string nameOrId) => new(
        ErrorId.ContainerNotFound, $"The container '{nameOrId}' has been removed.", target: nameOrId);
}
