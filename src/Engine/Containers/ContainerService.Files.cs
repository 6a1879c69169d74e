using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Images.Archives;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// What a container changed against its image. Files that were made for mounts to cover are left out.
    /// </summary>
    public IReadOnlyList<LayerChange> GetChanges(string nameOrId, CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        if (document.RootFs.Layers is not { } layers) throw NoLayers(document);
        return Guard(document, () =>
        {
            using RootDirectory upper = Stored.Open(Path.Join(store.Directory(document.Id), "upper"));
            using RootDirectory lower = Stored.OpenLayers(layers);
            return new LayerChanges(upper, lower, MountTargets(document), cancellation).Find();
        });
    }

    /// <summary>Writes a container's root file system, without its mounts, as a tar archive.</summary>
    public void Export(
        string nameOrId,
        string path,
        ArchiveCoding coding = ArchiveCoding.None,
        bool special = false,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ContainerDocument document = Document(nameOrId);
        if (document.RootFs.Host)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"The root of the container '{document.Name}' is the host's own.",
                "Get-ContainerChange lists what the container changed; Copy-ContainerItem copies it.",
                nameOrId);
        }

        Guard(document, () =>
        {
            using ContainerRoot root = OpenRoot(document, write: false, out LockFile? held, cancellation);
            using (held)
            {
                ArchiveFile.Write(
                    path,
                    coding,
                    output => new DirectoryArchive(root.Root, output, new SpecialFiles(special), root.Ids)
                        .Write(cancellation),
                    progress,
                    cancellation);
            }

            return true;
        });
    }

    /// <summary>The root directory of a process of a container, mounts included.</summary>
    public RootDirectory OpenRoot(int hostProcessId) => Stored.OpenRoot(hostProcessId);

    /// <summary>The root of an image, read-only, as a container of it begins with it.</summary>
    public RootDirectory OpenRoot(ImageRecord image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.IsHost ? RootDirectory.Open("/") : Stored.OpenLayers(images.GetLayerDirectories(image));
    }

    /// <summary>Opens the root of a container; who has one that does not run keeps it from starting.</summary>
    private ContainerRoot OpenRoot(
        ContainerDocument document, bool write, out LockFile? held, CancellationToken cancellation)
    {
        OciSpec spec = ReadSpec(document);
        held = null;
        try
        {
            while (true)
            {
                held = write ? LockWriters(document.Id, exclusive: false, cancellation) : null;
                if (OpenRunning(document) is { } running) return new ContainerRoot(Stored, running, spec, running: true);
                held?.Dispose();
                held = Lock(document.Id, cancellation);
                using RootDirectory? started = OpenRunning(document);
                if (started is null) break;
                held.Dispose();
            }

            if (write) LockWriters(document.Id, exclusive: true, cancellation)?.Dispose();
            string own = store.Directory(document.Id);
            RootDirectory root = document.RootFs switch
            {
                { Path: { } path } => Stored.Open(path),
                { Layers: { } layers } when write => Stored.OpenWritable(layers, own),
                { Layers: { } layers } => Stored.OpenLayers([Path.Join(own, "upper"), .. layers]),
                _ => throw NoLayers(document),
            };
            return new ContainerRoot(Stored, root, spec, running: false);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Who writes in a container that runs shares this; who finds that it has ended waits for them. Two overlays of one
    /// upper directory do not see what the other changes, and fail with ESTALE.
    /// </summary>
    private LockFile? LockWriters(string id, bool exclusive, CancellationToken cancellation)
    {
        string directory = store.RunDirectory(id);
        try
        {
            return Directory.Exists(directory)
                ? LockFile.Acquire(Path.Join(directory, "writers"), exclusive, cancellation)
                : null;
        }
        catch (EngineException failure) when (failure.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    // The process is looked at again after its root is open: until then its pid could have been another's.
    private RootDirectory? OpenRunning(ContainerDocument document)
    {
        MonitorState? state = ReadState(document.Id);
        if (!ContainerStatus.IsAlive(state)) return null;
        try
        {
            RootDirectory root = Stored.OpenRoot(state!.Pid);
            if (new ProcessIdentity(state.Pid, state.PidStartTime).IsRunning) return root;
            root.Dispose();
            return null;
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return null;
        }
    }

    private HashSet<string> MountTargets(ContainerDocument document)
    {
        OciSpec spec = ReadSpec(document);
        HashSet<string> targets = ["/dev", "/proc", "/sys"];
        foreach (OciMount mount in spec.Mounts ?? [])
        {
            // The directories above were made with it where they were missing.
            string target = mount.Destination.TrimEnd('/');
            while (target.Length > 0 && targets.Add(target)) target = target[..target.LastIndexOf('/')];
        }

        return targets;
    }

    private static T Guard<T>(ContainerDocument document, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, document.Name);
        }
    }

    private static EngineException NoLayers(ContainerDocument document) => new(
        ErrorId.InvalidConfiguration,
        $"The container '{document.Name}' has no image: it is made of a bundle, whose directory it writes to.",
        null,
        document.Name);
}
