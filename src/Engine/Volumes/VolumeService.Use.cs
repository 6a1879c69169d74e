using Container.Engine.Configuration;
using Container.Engine.Files;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Volumes;

public sealed partial class VolumeService
{
    /// <summary>
    /// Finds or makes the volumes of a container that is being made, and fills those that are empty with what its image
    /// has at their places.
    /// </summary>
    /// <param name="mounts">The container's mounts.</param>
    /// <param name="openImage">Opens what the image's layers show together; null where nothing is copied.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The mounts with the names of their volumes, and what keeps the volumes there.</returns>
    internal VolumeLease Attach(
        IReadOnlyList<ContainerMount> mounts, Func<RootDirectory>? openImage, CancellationToken cancellation)
    {
        List<ContainerMount> attached = [];
        List<string> made = [];
        LockFile held = store.Lock(exclusive: true, cancellation);
        try
        {
            store.RemoveStale();
            RootDirectory? image = null;
            try
            {
                foreach (ContainerMount mount in mounts)
                {
                    if (mount.Type != ContainerMountType.Volume)
                    {
                        attached.Add(mount);
                        continue;
                    }

                    VolumeRecord volume = Find(mount, made);
                    attached.Add(mount with { Source = volume.Name, IsAnonymous = volume.IsAnonymous });
                    if (openImage is null || mount.NoCopy || volume.NoCopy || !IsEmpty(volume)) continue;
                    image ??= openImage();
                    Fill(volume, image, mount.Target, cancellation);
                }
            }
            finally
            {
                image?.Dispose();
            }

            return new VolumeLease(attached, held, () => RemoveMade(made));
        }
        catch
        {
            RemoveMade(made);
            held.Dispose();
            throw;
        }
    }

    private VolumeRecord Find(ContainerMount mount, List<string> made)
    {
        if (mount.Source is not null && !mount.IsAnonymous && store.TryRead(mount.Source) is { } found) return found;
        VolumeConfiguration configuration = new() { Name = mount.IsAnonymous ? null : mount.Source };
        Check(configuration);
        VolumeRecord volume = Make(configuration);
        made.Add(volume.Name);
        return volume;
    }

    private void RemoveMade(List<string> made)
    {
        foreach (string name in made) Discard(name);
    }

    private bool IsEmpty(VolumeRecord volume)
    {
        using RootDirectory data = store.Files.Open(volume.Path);
        return data.Enumerate("/").Count == 0;
    }

    // Owners are copied as they are: the layers and the volume are shown to the container through the same map. A
    // symbolic link at the place is resolved inside the image (CVE-2022-23648).
    private void Fill(
        VolumeRecord volume, RootDirectory image, string target, CancellationToken cancellation)
    {
        try
        {
            using RootDirectory place = image.OpenRoot(target);
            using RootDirectory data = store.Files.Open(volume.Path);
            TreeCopier copier = new(
                place,
                data,
                new CopyOptions
                {
                    Owner = static (uid, gid) => (uid, gid), Attributes = true, Special = true, Strict = true,
                },
                cancellation);
            try
            {
                copier.CopyContent("/", "/");
                copier.CopyMetadata("/", "/");
            }
            catch
            {
                // Half of it would look like all of it to the next container.
                data.Clear("/");
                throw;
            }
        }
        catch (SystemCallException failure) when (
            failure.Errno is Errno.ENOENT or Errno.ENOTDIR && failure.Path == target)
        {
            // The image has no such directory.
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, volume.Path);
        }
    }
}
