using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.State;
using Container.Engine.Store;

namespace Container.Engine.Volumes;

/// <summary>Volumes: make, find, fill, remove.</summary>
public sealed partial class VolumeService
{
    private readonly VolumeStore store;
    private readonly Func<string, IReadOnlyList<string>> findUsers;
    private readonly EventService? events;

    /// <summary>Works on the volumes of a state directory; opening does no I/O.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="findUsers">The names of the containers that use the volume of a name.</param>
    /// <param name="events">Hears what happens to them.</param>
    public VolumeService(
        EnginePaths paths, Func<string, IReadOnlyList<string>>? findUsers = null, EventService? events = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        store = new VolumeStore(paths);
        this.findUsers = findUsers ?? (_ => []);
        this.events = events;
    }

    /// <summary>All volumes, by name.</summary>
    public IReadOnlyList<VolumeRecord> List() =>
        [.. store.Read().OrderBy(volume => volume.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The volume of this name.</summary>
    public VolumeRecord Resolve(string name) => TryResolve(name) ?? throw new EngineException(
        ErrorId.VolumeNotFound,
        $"There is no volume '{name}'.",
        target: name);

    /// <summary>The volume of this name, or null.</summary>
    public VolumeRecord? TryResolve(string name) =>
        ContainerName.IsWord(name) ? store.TryRead(name) : null;

    /// <summary>The names of the containers that use a volume.</summary>
    public IReadOnlyList<string> GetUsers(VolumeRecord volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return findUsers(volume.Name);
    }

    /// <summary>Makes a volume.</summary>
    public VolumeRecord Create(VolumeConfiguration configuration, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Check(configuration);
        using LockFile held = store.Lock(exclusive: true, cancellation);
        store.RemoveStale();
        if (configuration.Name is { } name && store.TryRead(name) is not null)
        {
            throw new EngineException(
                ErrorId.VolumeExists,
                $"There is a volume '{name}' already.",
                target: name);
        }

        return Make(configuration);
    }

    /// <summary>Removes a volume and all it holds. One that a container uses stays, whatever is asked.</summary>
    public void Remove(string name, CancellationToken cancellation = default)
    {
        using LockFile held = store.Lock(exclusive: true, cancellation);
        VolumeRecord volume = Resolve(name);
        IReadOnlyList<string> users = findUsers(volume.Name);
        if (users.Count > 0) throw InUse(volume, users);
        Discard(volume.Name);
    }

    /// <summary>Removes volumes that nobody named and no container uses any more, out of those given.</summary>
    internal void RemoveAnonymous(IEnumerable<string> names, CancellationToken cancellation)
    {
        using LockFile held = store.Lock(exclusive: true, cancellation);
        foreach (string name in names)
        {
            if (store.TryRead(name) is { IsAnonymous: true } && findUsers(name).Count == 0) Discard(name);
        }
    }

    internal VolumeRecord Make(VolumeConfiguration configuration)
    {
        VolumeRecord made = store.Write(new VolumeRecord
        {
            Name = configuration.Name ?? ObjectId.New(),
            IsAnonymous = configuration.Name is null,
            CreatedAt = DateTimeOffset.UtcNow,
            Label = configuration.Label,
            Uid = configuration.Uid,
            Gid = configuration.Gid,
            Size = configuration.Size,
            NoCopy = configuration.Option?.ContainsKey("nocopy") == true,
        });
        Report(EventAction.Create, made.Name);
        return made;
    }

    private void Discard(string name)
    {
        store.Remove(name);
        Report(EventAction.Remove, name);
    }

    private void Report(EventAction action, string name) => events?.Add(EventKind.Volume, action, name, name);

    private static void Check(VolumeConfiguration configuration)
    {
        if (configuration.Name is { } name && (!ContainerName.IsWord(name) || ObjectId.IsValid(name)))
        {
            throw new EngineException(
                ErrorId.InvalidName,
                $"'{name}' cannot be the name of a volume.",
                target: name);
        }

        if (!configuration.Driver.Equals(VolumeConfiguration.LocalDriver, StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"There is no volume driver '{configuration.Driver}'.",
                "Use 'local', or mount what another driver would and bind it.",
                configuration.Driver);
        }

        if (configuration.Option?.Keys.FirstOrDefault(key => key != "nocopy") is { } unknown)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"The volume option '{unknown}' is not known.",
                "The driver 'local' has the option nocopy.",
                unknown);
        }

        if (configuration.Size is <= 0)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration, "The size of a volume is not positive.", null, configuration.Size);
        }
    }

    private static EngineException InUse(VolumeRecord volume, IReadOnlyList<string> users) => new(
        ErrorId.VolumeInUse,
        $"Volume '{volume.Name}' is used by {string.Join(", ", users.Take(5))}{(users.Count > 5 ? " …" : "")}.",
        target: volume.Name);
}
