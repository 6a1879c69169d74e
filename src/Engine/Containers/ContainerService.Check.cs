using System.Text;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Storage;
using Container.Engine.Store;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Monitor;
using Container.Native.Mounts;

namespace Container.Engine.Containers;

/// <summary>What is wrong with the state of containers. Unlike a listing it only looks.</summary>
public sealed partial class ContainerService
{
    internal IEnumerable<StorageIssue> Check(CancellationToken cancellation) =>
    [
        .. CheckMounts(), .. CheckCgroups(), .. CheckContainers(cancellation), .. CheckRuns(), .. CheckNames(),
        .. CheckRanges(),
    ];

    // Whether it runs, or is ready to, as far as its files say; also one without a document.
    private bool IsInUse(string id)
    {
        MonitorState? state = ReadState(id);
        return ContainerStatus.IsAlive(state) || ContainerStatus.IsHeld(state);
    }

    // Whether nobody works on a container. Who makes one locks it right after its directory is there.
    private bool IsFree(string id)
    {
        if (!File.Exists(store.LockPath(id))) Thread.Sleep(50);
        if (!File.Exists(store.LockPath(id))) return true;
        using LockFile? held = LockFile.TryAcquire(store.LockPath(id));
        return held is not null;
    }

    private IEnumerable<StorageIssue> CheckMounts()
    {
        foreach (string root in (string[])[store.Paths.Containers, store.Paths.RunContainers])
        {
            foreach (string place in HostMounts.Below(root))
            {
                string id = place[(root.Length + 1)..].Split('/')[0];
                if (!ObjectId.IsValid(id) || IsInUse(id) || !IsFree(id)) continue;
                yield return new StorageIssue
                {
                    Kind = StorageIssueKind.MountRemains, Id = id, Path = place,
                    Message = $"Something is mounted on '{place}', and the container does not run.",
                };
            }
        }
    }

    private IEnumerable<StorageIssue> CheckCgroups()
    {
        if (CgroupHost.Current.Layout == CgroupLayout.None) yield break;
        foreach (string id in store.Directories())
        {
            if (TryReadDocument(id) is not { } document || IsInUse(id) || !IsFree(id)) continue;
            if (ContainerStatus.IsAbandoned(ReadState(id)) || !HasCgroup(document.CgroupsPath)) continue;
            yield return CgroupIssue(id, document.CgroupsPath);
        }

        string[] strays = [.. StrayCgroups().Distinct().Where(IsEmptyStray)];
        List<byte[]> commands = strays.Length > 0 ? CommandLines() : [];
        foreach (string id in strays.Where(id => !IsNamed(id, commands)))
            yield return CgroupIssue(id, $"{ContainerDefaults.CgroupParent}/{id}");
    }

    private static StorageIssue CgroupIssue(string id, string path) => new()
    {
        Kind = StorageIssueKind.CgroupRemains, Id = id, Path = path,
        Message = $"There is a control group '{path}', and the container does not run.",
    };

    private static IEnumerable<string> StrayCgroups()
    {
        using CgroupManager parent = CgroupManager.Open(ContainerDefaults.CgroupParent);
        return [.. parent.Paths.Values.Distinct()
            .SelectMany(path => DirectoryListing.Directories(path)).Select(path => Path.GetFileName(path))
            .Where(ObjectId.IsValid)];
    }

    // Containers of other state roots are there too: what is empty and has no monitor is nobody's.
    private bool IsStray(string id) => IsEmptyStray(id) && !IsNamed(id, CommandLines());

    private bool IsEmptyStray(string id)
    {
        if (Directory.Exists(store.Directory(id)) || Directory.Exists(store.RunDirectory(id))) return false;
        using CgroupManager cgroup = CgroupManager.Open($"{ContainerDefaults.CgroupParent}/{id}");
        return cgroup.Exists && cgroup.GetProcesses().Count == 0;
    }

    private static bool IsNamed(string id, List<byte[]> commands)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(id);
        return commands.Exists(command => command.AsSpan().IndexOf(wanted) >= 0);
    }

    private static List<byte[]> CommandLines()
    {
        List<byte[]> commands = [];
        foreach (string process in DirectoryListing.Directories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0])) continue;
            try
            {
                commands.Add(File.ReadAllBytes(process + "/cmdline"));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return commands;
    }

    private static bool HasCgroup(string path)
    {
        using CgroupManager cgroup = CgroupManager.Open(path);
        return cgroup.Exists;
    }

    private IEnumerable<StorageIssue> CheckContainers(CancellationToken cancellation)
    {
        foreach (string id in store.Directories())
        {
            cancellation.ThrowIfCancellationRequested();
            string directory = store.Directory(id);
            if (!store.Exists(id))
            {
                if (!IsFree(id) || store.Exists(id) || !Directory.Exists(directory)) continue;
                yield return new StorageIssue
                {
                    Kind = StorageIssueKind.ContainerRemains, Id = id, Path = directory,
                    Message = $"'{directory}' is what is left of a container.",
                };
            }
            else if (TryReadDocument(id) is not { } document)
            {
                yield return new StorageIssue
                {
                    Kind = StorageIssueKind.ContainerDamaged, Id = id, Path = directory,
                    Message = $"The document of the container in '{directory}' cannot be read.",
                };
            }
            else
            {
                foreach (StorageIssue issue in CheckContainer(document)) yield return issue;
            }

            IEnumerable<string> stale = AtomicFile.FindStale(directory)
                .Concat(AtomicFile.FindStale(store.Bundle(id))).Concat(AtomicFile.FindStale(store.RunDirectory(id)));
            foreach (string file in stale) yield return TemporaryFiles.Issue(file);
        }
    }

    private IEnumerable<StorageIssue> CheckContainer(ContainerDocument document)
    {
        string directory = store.Directory(document.Id);
        if (ContainerStatus.IsAbandoned(ReadState(document.Id)) && IsFree(document.Id))
        {
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.ContainerAbandoned, Id = document.Id, Path = directory,
                Message = $"The monitor of the container '{document.Name}' was killed.",
            };
        }

        ContainerRootFs root = document.RootFs;
        string? missing = (root.Layers ?? [root.Path!]).FirstOrDefault(layer => !Directory.Exists(layer));
        bool unnamed = document.ImageId is { } image && image != HostImage.Id && !images.HasRecord(image);
        if (missing is null && !unnamed) yield break;
        yield return new StorageIssue
        {
            Kind = StorageIssueKind.ContainerImageMissing, Id = document.Id, Path = missing ?? directory,
            Message = $"The {(missing is null ? "image" : "root file system")} of the container '{document.Name}', "
                + $"'{document.ImageName}', is not there.",
            IsRepairable = false,
        };
    }

    private IEnumerable<StorageIssue> CheckRuns()
    {
        foreach (string directory in DirectoryListing.Directories(store.Paths.RunContainers))
        {
            string id = Path.GetFileName(directory);
            if (!ObjectId.IsValid(id) || Directory.Exists(store.Directory(id))) continue;
            bool runs = IsInUse(id);
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.ContainerRemains, Id = id, Path = directory,
                Message = runs
                    ? $"The container of '{directory}' runs, and there is no record of it."
                    : $"'{directory}' is what is left of a container.",
                IsRepairable = !runs,
            };
        }
    }

    // What has a directory still is found by that.
    private IEnumerable<StorageIssue> CheckNames() => names.List()
        .Where(taken => IsStrayName(taken.Name, taken.Id))
        .Select(taken => new StorageIssue
        {
            Kind = StorageIssueKind.NameRemains, Id = taken.Name,
            Path = Path.Join(store.Paths.StateRoot, "names", taken.Name),
            Message = $"The name '{taken.Name}' is taken by no container.",
        });

    private bool IsStrayName(string name, string id) => !Directory.Exists(store.Directory(id))
        || (TryReadDocument(id) is not null && IsAbandonedRename(id, name));

    private IEnumerable<StorageIssue> CheckRanges() => idRanges.List()
        .Where(taken => !Directory.Exists(store.Directory(taken.ContainerId)))
        .Select(taken => new StorageIssue
        {
            Kind = StorageIssueKind.IdRangeRemains, Id = $"{taken.Start}",
            Path = Path.Join(store.Paths.IdRanges, $"{taken.Start:x8}"),
            Message = $"The user ids from {taken.Start} are taken by no container.",
        });

    private ContainerDocument? TryReadDocument(string id)
    {
        try
        {
            return store.TryRead(id);
        }
        catch (EngineException failure) when (failure.IsOfState)
        {
            return null;
        }
    }
}
