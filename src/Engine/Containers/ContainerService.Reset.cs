using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Storage;
using Container.Engine.Store;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Removes every container, whatever it does and whatever its files say.</summary>
    internal void RemoveAll(CancellationToken cancellation)
    {
        foreach (StorageIssue mounted in CheckMounts()) Repair(mounted, cancellation);
        foreach (string id in store.Directories().ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Remove(id, force: true, cancellation);
            }
            catch (EngineException failure) when (failure.IsOfState || failure.Id == ErrorId.ContainerNotFound)
            {
                Erase(id, cancellation);
            }
        }

        foreach (StorageIssue left in CheckRuns()) Erase(left.Id, cancellation);
        RemoveCgroupParent();
    }

    // No document says what it has: its processes are where they are unless it was created otherwise.
    private void Erase(string id, CancellationToken cancellation)
    {
        using LockFile? held = Directory.Exists(store.Directory(id))
            ? LockFile.Acquire(store.LockPath(id), exclusive: true, cancellation)
            : null;
        KillLeft(id);
        RemoveCgroup($"{ContainerDefaults.CgroupParent}/{id}");
        if (Directory.Exists(store.Directory(id))) store.Delete(id);
        Discard(id);
    }
}
