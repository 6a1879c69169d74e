using Container.Engine.Containers.Specs;
using Container.Engine.Images;
using Container.Engine.Volumes;
using Container.Native.Mounts;

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
        return volumes.Attach(
            mounts, copies ? () => Stored.OpenLayers(source.RootFs.Layers!) : null, cancellation);
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

    private static void MakeOverlays(RootDirectory directory, ContainerConfiguration configuration)
    {
        foreach (ContainerMount mount in configuration.Mount ?? [])
        {
            if (mount.Type != ContainerMountType.Overlay) continue;
            string place = SpecFileMounts.OverlayPath("", mount);
            directory.MakeDirectories(place + "/work", 0x1C0);
            directory.MakeDirectory(place + "/upper", 0x1ED);
            directory.SetMode(place + "/upper", 0x1ED);
        }
    }
}
