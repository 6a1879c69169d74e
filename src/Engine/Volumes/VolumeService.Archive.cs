using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Images.Archives;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Volumes;

public sealed partial class VolumeService
{
    /// <summary>
    /// Writes what a volume holds as a tar archive. The volume is one directory that links in it cannot lead out of
    /// (CVE-2023-0778).
    /// </summary>
    public void Export(
        string name, string path, ArchiveCoding coding, bool special = false, Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        VolumeRecord volume = Resolve(name);
        ArchiveFile.Write(path, coding, output =>
        {
            using RootDirectory data = store.Files.Open(volume.Path);
            new DirectoryArchive(data, output, new SpecialFiles(special)).Write(cancellation);
        }, progress, cancellation);
        Report(EventAction.Export, volume.Name);
    }

    /// <summary>Adds what a tar archive holds to a volume; with replace, instead of what it holds.</summary>
    public VolumeRecord Import(
        string name,
        string path,
        bool replace = false,
        IProgress<ImageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        VolumeRecord volume = Resolve(name);
        string draft = VolumeStore.DraftName();
        using RootDirectory volumes = store.Files.Open(store.Root);
        try
        {
            // An archive that is no good must not cost what the volume has: it is unpacked beside it first.
            volumes.MakeDirectory(draft, 0x1C0);
            using RootDirectory tree = volumes.OpenRoot(draft);
            Unpack(path, tree, progress, cancellation);
            using LockFile held = store.Lock(exclusive: true, cancellation);
            volume = Resolve(name);
            Move(volumes, tree, draft, volume, replace);
            Report(EventAction.Import, volume.Name);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, path);
        }
        finally
        {
            volumes.Remove(draft);
        }

        return volume;
    }

    private void Move(
        RootDirectory volumes, RootDirectory tree, string draft, VolumeRecord volume, bool replace)
    {
        using RootDirectory data = store.Files.Open(volume.Path);
        if (!replace && data.Enumerate("/").Count > 0)
        {
            throw new EngineException(
                ErrorId.VolumeNotEmpty,
                $"The volume '{volume.Name}' is not empty.",
                target: volume.Name);
        }

        data.Clear("/");
        foreach (RootEntry entry in tree.Enumerate("/"))
        {
            volumes.Rename($"{draft}/{entry.Name}", $"{VolumeStore.DataName(volume.Name)}/{entry.Name}");
        }

        FileMetadata top = tree.GetMetadata("/");
        data.SetOwner("/", top.Uid, top.Gid);
        data.SetMode("/", top.Mode);
    }

    private static void Unpack(
        string path, RootDirectory tree, IProgress<ImageProgress>? progress, CancellationToken cancellation)
    {
        using FileStream file = ArchiveFile.OpenRead(path);
        using Stream plain = ArchiveCompression.Open(file);
        ArchiveLimits limits = new();
        using ArchiveSource source = new(plain, () => file.Position, limits, cancellation);
        LayerUnpacker unpacker = new(
            tree,
            source,
            limits,
            progress is null ? null : entries => progress.Report(
                new ImageProgress("Unpacking", file.Position, file.Length, entries)))
        {
            IsLayer = false,
        };
        tree.SetMode("/", 0x1ED);
        unpacker.Run(cancellation);
    }
}
