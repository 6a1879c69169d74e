using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Volumes;
using Container.Native.Files;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    // The volumes the user names, and one for each place where the image wants data to outlive it.
    private VolumeLease AttachVolumes(
        ContainerConfiguration configuration, ContainerSource source, CancellationToken cancellation)
    {
        List<ContainerMount> mounts = [.. (configuration.Mount ?? []).Select(mount => mount.Checked())];
        HashSet<string> covered = [.. mounts.Select(mount => mount.Target.TrimEnd('/'))];
        foreach (string target in source.Defaults.Volumes.Where(target => !covered.Contains(target.TrimEnd('/'))))
        {
            mounts.Add(new ContainerMount
            {
                Type = ContainerMountType.Volume, Target = target, IdMap = true, IsAnonymous = true,
            }.Checked());
        }

        if (!mounts.Exists(mount => mount.Type == ContainerMountType.Volume))
            return new VolumeLease(mounts, null, static () => { });

        // What the host's own root has is not for containers to keep: its files are not theirs to read.
        bool copies = source.RootFs is { Layers: not null, Host: false };
        VolumeLease lease = volumes.Attach(
            mounts, copies ? () => Stored.OpenLayers(source.RootFs.Layers!) : null, cancellation);
        if (HasHostRoot(source)) Give(lease.Mounts);
        return lease;
    }

    // An empty volume is the user's, who is not root in a container of the image host.
    private void Give(IEnumerable<ContainerMount> mounts)
    {
        foreach (ContainerMount mount in mounts.Where(mount => mount.Type == ContainerMountType.Volume))
        {
            using RootDirectory data = Stored.Open(volumes.Resolve(mount.Source!).Path);
            if (data.GetMetadata("/").Uid == 0 && data.Enumerate("/").Count == 0)
                data.SetOwner("/", UserHostRoot.RootId, UserHostRoot.RootId);
        }
    }

    /// <summary>Removes the volumes nobody named of containers that are gone.</summary>
    private void RemoveVolumes(ContainerDocument document, CancellationToken cancellation)
    {
        IEnumerable<ContainerMount> mounts = document.Configuration.Mount ?? [];
        string[] names = [.. mounts.Where(mount => mount is { Type: ContainerMountType.Volume, IsAnonymous: true })
            .Select(mount => mount.Source!)];
        if (names.Length > 0) volumes.RemoveAnonymous(names, cancellation);
    }

    private IReadOnlyList<string> FindLayers(ImageRecord image) => image.IsHost
        ? throw new EngineException(
            ErrorId.InvalidMountSpecification, "The built-in image 'host' cannot be mounted.", null, HostImage.Name)
        : images.GetLayerDirectories(image);

    private void MakeOverlays(RootDirectory directory, string id, ContainerConfiguration configuration)
    {
        foreach (ContainerMount mount in configuration.Mount ?? [])
        {
            if (mount.Type != ContainerMountType.Overlay) continue;
            string place = SpecFileMounts.OverlayPath("", mount);
            directory.MakeDirectories(place, 0x1C0);
            MakeLayer(directory, id, place, Directory.Exists(mount.Source) ? mount.Source : null);
        }
    }

    // Where changes go. The upper directory is the root directory as the container sees it, so it is like the one below;
    // modes are set afterwards, because the engine's umask is the user's.
    private void MakeLayer(RootDirectory directory, string id, string place, string? below)
    {
        string upper = Path.Join(place, "upper");
        directory.MakeDirectory(Path.Join(place, "work"), 0x1C0);
        directory.MakeDirectory(upper, 0x1ED);
        directory.SetMode(upper, 0x1ED);
        if (below is null) return;
        using RootDirectory layer = RootDirectory.Open(below);
        FileMetadata root = layer.GetMetadata("/");
        FileMetadata made = directory.GetMetadata(upper);
        directory.SetMode(upper, root.Mode);
        if ((root.Uid, root.Gid) == (made.Uid, made.Gid)) return;

        // The ids of an ordinary user's layers are those of the namespace they were made in; others it does not have.
        using RootDirectory stored = Stored.Open(below);
        using RootDirectory own = Stored.Open(store.Directory(id));
        root = stored.GetMetadata("/");
        if (own.IsReachedByAgent && (root.Uid == IdShift.Nobody || root.Gid == IdShift.Nobody)) return;
        own.SetOwner(upper, root.Uid, root.Gid);
        own.SetMode(upper, root.Mode);
    }
}
