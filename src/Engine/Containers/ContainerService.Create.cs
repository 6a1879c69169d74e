using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Files;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Engine.Volumes;
using Container.Native.Files;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    // Beyond it the directory of names is full or unusable, and another random name helps nobody.
    private const int MaximumAttempts = 100;

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(10);

    /// <summary>Makes a container, which does not run yet.</summary>
    public ContainerRecord Create(ContainerConfiguration configuration, CancellationToken cancellation = default) =>
        Create(configuration, leasedTo: null, cancellation);

    private ContainerRecord Create(
        ContainerConfiguration configuration, LeaseHolder? leasedTo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Name is not null) ContainerName.Check(configuration.Name);
        configuration = settings.Effective.Apply(configuration);
        configuration.HealthCheck?.Checked();
        RequireLog(configuration);
        _ = StorageOptions.Size(configuration);
        configuration = SpecEnvironment.ReadFiles(configuration);
        ContainerSource source = ContainerSource.Find(configuration, images);
        configuration = NestedIds.Apply(configuration, source.RootFs.Host);
        if (HasHostRoot(source)) UserHostRoot.Check(configuration);
        foreach (string secret in configuration.Secret ?? []) secrets.Resolve(ContainerSecret.Parse(secret).Name);
        string id = ObjectId.New();
        LockFile held = MakeDirectory(id, cancellation);
        string? name = null;
        uint? range = null;
        try
        {
            name = Reserve(configuration.Name, id, cancellation, configuration.NameStyle);
            using VolumeLease lease = AttachVolumes(configuration, source, cancellation);
            configuration = configuration with { Mount = lease.Mounts.Count > 0 ? lease.Mounts : null };
            if (source.Spec is null) configuration = SystemContainer.Complete(configuration, source.Defaults);
            if (NeedsRange(configuration)) range = idRanges.Allocate(id, cancellation);
            ContainerDocument document = Prepare(id, name, configuration, source, range) with { LeasedTo = leasedTo };
            cancellation.ThrowIfCancellationRequested();
            store.Write(document);
            lease.Keep();
            Report(document, EventAction.Create, ("image", document.ImageName ?? ""));
            return ContainerStatus.Describe(document, state: null, isAlive: false);
        }
        catch
        {
            Discard(id, name, range);
            throw;
        }
        finally
        {
            held.Dispose();
        }
    }

    // Between the two steps the directory looks like something left behind, and whoever lists may remove it.
    private LockFile MakeDirectory(string id, CancellationToken cancellation)
    {
        while (true)
        {
            EnginePaths.MakePrivate(store.Directory(id));
            try
            {
                return LockFile.Acquire(store.LockPath(id), exclusive: true, cancellation);
            }
            catch (EngineException failure) when (failure.Errno == Errno.ENOENT)
            {
                continue;
            }
        }
    }

    private ContainerDocument Prepare(
        string id, string name, ContainerConfiguration configuration, ContainerSource source, uint? range)
    {
        using RootDirectory directory = RootDirectory.Open(store.Directory(id));
        EnginePaths.MakePrivate(store.Bundle(id));
        OciSpec spec;
        IReadOnlyList<(string Name, byte[] Content)> files = [];
        if (source.Spec is not null)
        {
            spec = source.Spec with
            {
                Linux = (source.Spec.Linux ?? new OciLinux()) with
                {
                    CgroupsPath = source.Spec.Linux?.CgroupsPath ?? $"{ContainerDefaults.CgroupParent}/{id}",
                    UidMappings = Translate(source.Spec.Linux?.UidMappings, UserIds.Current?.Users),
                    GidMappings = Translate(source.Spec.Linux?.GidMappings, UserIds.Current?.Groups),
                },
            };
        }
        else
        {
            SpecInput input = Input(id, name, configuration, source, range);
            spec = SpecBuilder.Build(input);
            files = [.. SpecHostFiles.Files(input)];
        }

        ContainerRootFs rootFs = source.RootFs;
        if (HasHostRoot(source))
        {
            UserHostRoot.Make(directory);
            if (SpecInput.HasIds(configuration))
            {
                using RootDirectory own = Stored.Open(store.Directory(id));
                own.SetOwner(UserHostRoot.Directory, UserHostRoot.RootId, UserHostRoot.RootId);
            }

            rootFs = rootFs with { Layers = [Path.Join(store.Directory(id), UserHostRoot.Directory)] };
        }

        if (rootFs.Layers is [var top, ..]) MakeLayer(directory, id, string.Empty, top);

        // The host's own root is another's there, who shows it.
        IdShift ids = new(spec.Linux!.UidMappings, spec.Linux.GidMappings);
        if (rootFs.Host && NestedIds.IsNested && ids.ToHost(0, 0) is var (rootUid, rootGid))
            directory.SetOwner("upper", rootUid, rootGid);
        directory.MakeDirectory(SpecHostFiles.Directory, 0x1C0);
        if (StorageOptions.Size(configuration) is { } size)
        {
            // All in one project: what the overlay moves from work to upper would leave it otherwise (EXDEV).
            DirectoryQuota.Set(
                directory, ["upper", "work", SpecHostFiles.Directory], id, size, $"The container '{name}'", "-StorageOption");
        }

        WriteHostFiles(directory, id, files, ids);
        MakeOverlays(directory, id, configuration);

        // It has the values of secrets that are variables.
        directory.WriteFile("bundle/config.json", OciDocument.Write(spec), 0x180);
        return new ContainerDocument
        {
            Id = id,
            Name = name,
            Configuration = configuration,
            ImageId = source.ImageId,
            ImageName = source.ImageName,
            CreatedAt = DateTimeOffset.UtcNow,
            IdRangeStart = range,
            CgroupsPath = spec.Linux!.CgroupsPath!,
            StopSignal = SignalText.Parse(configuration.StopSignal ?? source.Defaults.StopSignal ?? "TERM"),
            RootFs = rootFs with { IdMap = spec.Linux.UidMappings is { Count: > 0 } && source.Spec is null },
        };
    }

    // They belong to the container's root.
    private void WriteHostFiles(
        RootDirectory directory, string id, IReadOnlyList<(string Name, byte[] Content)> files, IdShift ids)
    {
        (uint uid, uint gid) = ids.ToHost(0, 0);
        using RootDirectory? given = files.Count == 0 || (uid, gid) == (0, 0) ? null : Stored.Open(store.Directory(id));
        foreach ((string name, byte[] content) in files)
        {
            string file = $"{SpecHostFiles.Directory}/{name}";
            directory.WriteFile(file, content);
            directory.SetMode(file, 0x1A4);
            given?.SetOwner(file, uid, gid);
        }
    }

    private static IReadOnlyList<OciIdMapping>? Translate(
        IReadOnlyList<OciIdMapping>? mappings, IReadOnlyList<OciIdMapping>? ids) =>
        ids is null ? mappings : UserIds.Translate(mappings, ids);

    private SpecInput Input(
        string id, string name, ContainerConfiguration configuration, ContainerSource source, uint? range) => new()
        {
            Id = id,
            Name = name,
            Configuration = UserIds.Current is null
                ? configuration
                : SpecNamespaces.Together(configuration, source.RootFs.Host, Resolve),
            Image = source.Defaults,
            IdRangeStart = range ?? SharedRange(configuration),
            UserIds = UserIds.Current,
            Directory = store.Directory(id),
            Users = new UserDatabase(new LayerFiles(Stored.Open, source.RootFs.Layers ?? []).TryRead),
            FindContainer = Resolve,
            RunDirectory = store.RunDirectory(id),
            HostRoot = HasHostRoot(source) ? [.. UserHostRoot.Mounts()] : [],
            ReadSecret = ReadSecret,
            FindVolume = volume => volumes.Resolve(volume).Path,
            FindLayers = image => FindLayers(images.Resolve(image)),
        };

    private static bool HasHostRoot(ContainerSource source) => source.RootFs.Host && UserIds.Current is not null;

    private static bool NeedsRange(ContainerConfiguration configuration) =>
        UserIds.Current is null && configuration.BundlePath is null && configuration.UidMap is not { Count: > 0 }
        && SpecInput.IsPrivate(configuration.UserNamespace);

    // In another container's user namespace the other's ids are meant.
    private uint? SharedRange(ContainerConfiguration configuration) =>
        configuration.UserNamespace is { Kind: NamespaceKind.Container, Target: { } other }
            ? (uint?)Resolve(other).IdRangeStart
            : null;

    private string Reserve(
        string? wanted, string id, CancellationToken cancellation, ContainerNameStyle style = default)
    {
        if (wanted is not null)
        {
            bool free = names.TryReserve(wanted, id, cancellation)
                || (names.Find(wanted) is { } owner && TryGet(owner) is { } holder && TrySweep(holder)
                    && names.TryReserve(wanted, id, cancellation));

            // Who removes a container hides it first, and gives its name back soon after.
            for (int i = 0; i < MaximumAttempts && !free; i++)
            {
                if (names.Find(wanted) is { } shown && TryGet(shown) is not null) break;
                cancellation.WaitHandle.WaitOne(s_moment);
                free = names.TryReserve(wanted, id, cancellation);
            }

            return free
                ? wanted
                : throw new EngineException(
                    ErrorId.ContainerExists,
                    $"There is a container '{wanted}' already.",
                    target: wanted);
        }

        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            string name = NameGenerator.Next(attempt, style);
            if (names.TryReserve(name, id, cancellation)) return name;
        }

        throw new EngineException(
            ErrorId.LimitExceeded, "No free name was found for the container.", "Give it a name.");
    }
}
