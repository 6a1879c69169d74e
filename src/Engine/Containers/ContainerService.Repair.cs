using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Storage;
using Container.Engine.Store;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// Mends what was found, if it is still so; the container's lock is held, and what runs is left alone.
    /// </summary>
    internal void Repair(StorageIssue issue, CancellationToken cancellation)
    {
        switch (issue.Kind)
        {
            case StorageIssueKind.NameRemains:
                RepairName(issue.Id, cancellation);
                break;
            case StorageIssueKind.IdRangeRemains:
                idRanges.Recover(id => Directory.Exists(store.Directory(id)), cancellation);
                break;
            case StorageIssueKind.ContainerAbandoned:
                _ = TryGet(issue.Id);
                break;
            default:
                WhileFree(issue, RepairFiles, cancellation);
                break;
        }
    }

    private void RepairFiles(StorageIssue issue)
    {
        switch (issue.Kind)
        {
            case StorageIssueKind.MountRemains:
                DetachMounts(issue.Id);
                break;
            case StorageIssueKind.CgroupRemains when TryReadDocument(issue.Id) is { } document:
                RemoveCgroup(document.CgroupsPath);
                break;
            case StorageIssueKind.CgroupRemains when IsStray(issue.Id):
                RemoveCgroup($"{ContainerDefaults.CgroupParent}/{issue.Id}");
                break;
            case StorageIssueKind.ContainerRemains when !store.Exists(issue.Id):
                Discard(issue.Id);
                break;
            case StorageIssueKind.ContainerDamaged when TryReadDocument(issue.Id) is null:
                store.Delete(issue.Id);
                RemoveCgroup($"{ContainerDefaults.CgroupParent}/{issue.Id}");
                Discard(issue.Id);
                break;
            case StorageIssueKind.ContainerImageMissing:
                throw new EngineException(
                    ErrorId.ImageNotFound,
                    issue.Message,
                    "Import the image again, or remove the container.",
                    issue.Id);
        }
    }

    /// <summary>Removes all of a container of which no document says what it has.</summary>
    private void Discard(string id)
    {
        uint[] ranges = [.. idRanges.List().Where(taken => taken.ContainerId == id).Select(taken => taken.Start)];
        Discard(id, names.FindOf(id), ranges.Length > 0 ? ranges[0] : null);
    }

    private void RepairName(string name, CancellationToken cancellation)
    {
        if (names.Find(name) is { } owner && IsStrayName(name, owner)) names.Release(name, owner, cancellation);
    }

    private void WhileFree(StorageIssue issue, Action<StorageIssue> repair, CancellationToken cancellation)
    {
        if (!ObjectId.IsValid(issue.Id)) return;
        using LockFile? held = Directory.Exists(store.Directory(issue.Id))
            ? LockFile.Acquire(store.LockPath(issue.Id), exclusive: true, cancellation)
            : null;
        if (IsInUse(issue.Id))
        {
            throw new EngineException(
                ErrorId.ContainerRunning, $"The container {issue.Id[..12]} is running.", target: issue.Id);
        }

        repair(issue);
    }

    // The topmost first.
    private void DetachMounts(string id)
    {
        foreach (string root in (string[])[store.Directory(id), store.RunDirectory(id)])
        {
            foreach (string place in HostMounts.Below(root).Reverse())
            {
                try
                {
                    HostMounts.Detach(place);
                }
                catch (SystemCallException failure)
                {
                    throw StoreFailure.Describe(failure, place);
                }
            }
        }
    }
}
