using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.Store;
using Container.Native.Cgroups;
using Container.Native.Files;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    // How often one that is started again and again is killed for its removal.
    private const int Tries = 5;

    /// <summary>Removes a container and all that is its own; with force one that runs, too.</summary>
    public void Remove(string nameOrId, bool force = false, CancellationToken cancellation = default) =>
        Remove(nameOrId, force, withVolumes: false, cancellation);

    /// <summary>Removes a container, and with it the volumes that it has and nobody named.</summary>
    public void Remove(string nameOrId, bool force, bool withVolumes, CancellationToken cancellation)
    {
        ContainerDocument document = Document(nameOrId);
        for (int tries = Tries; ; tries--)
        {
            if (ContainerStatus.IsAlive(ReadState(document.Id)))
            {
                if (!force || tries == 0) throw Running(document, nameOrId);
                RequireRemovable(document.Id);
                KillAndWait(document, nameOrId, cancellation);
            }

            if (TryRemove(document, nameOrId, withVolumes, cancellation)) return;
        }
    }

    // False where somebody has started it meanwhile: another, or the monitor that a shell started which was killed then.
    private bool TryRemove(
        ContainerDocument document, string nameOrId, bool withVolumes, CancellationToken cancellation)
    {
        using LockFile held = Lock(document.Id, cancellation);
        document = store.TryReadNow(document.Id) ?? throw Gone(nameOrId);
        MonitorState? state = ReadState(document.Id);
        if (ContainerStatus.IsAbandoned(state)) state = Recover(document, state!);
        if (ContainerStatus.IsAlive(state)) return false;

        EndUnstarted(document, state);
        store.Delete(document.Id);
        RemoveCgroup(document.CgroupsPath);
        Discard(document.Id, document.Name, (uint?)document.IdRangeStart);
        if (withVolumes || document.Configuration.AutoRemove) RemoveVolumes(document, cancellation);
        Report(document, EventAction.Remove);
        if (!store.Directories().Any()) RemoveCgroupParent();
        return true;
    }

    private static EngineException Running(ContainerDocument document, string nameOrId) => new(
        ErrorId.ContainerRunning,
        $"The container '{document.Name}' is running.",
        "Stop it first, or use -Force.",
        nameOrId);

    /// <summary>
    /// Removes a container that was to go when it ends, and has ended, or that a shell had which has gone. The shell that
    /// started it waits for that; where that shell has gone, the container's monitor has it done, or the first command that
    /// comes by does it.
    /// </summary>
    private bool TrySweep(ContainerRecord record)
    {
        bool isDone = record.State switch
        {
            ContainerState.Exited => record.Configuration.AutoRemove || record.LeasedTo is { HasGone: true },
            ContainerState.Created => record.LeasedTo is { HasGone: true },
            _ => false,
        };
        if (!isDone) return false;
        try
        {
            RememberEnd(record.Id);
            Remove(record.Id);
            return true;
        }
        catch (EngineException failure)
        {
            // Somebody else has removed it, or started it again.
            return failure.Id == ErrorId.ContainerNotFound;
        }
    }

    // What cannot be removed, because its directory is read-only, is not killed for it either.
    private void RequireRemovable(string id)
    {
        try
        {
            LockFile.TryAcquire(store.LockPath(id))?.Dispose();
        }
        catch (EngineException failure) when (failure.Errno == Errno.ENOENT)
        {
            throw Gone(id);
        }
    }

    // Containers of other state roots live there too: a cgroup with others in it stays.
    private static void RemoveCgroupParent()
    {
        using CgroupManager parent = CgroupManager.Open(ContainerDefaults.CgroupParent);
        try
        {
            parent.RemoveIfUnused();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.EACCES or Errno.EPERM)
        {
            // Somebody made it for the user, who has it but not the directory it is in.
        }
    }

    /// <summary>
    /// Removes what a container has, except its control group. In any order it is stopped, it can be done again.
    /// </summary>
    private void Discard(string id, string? name, uint? range)
    {
        Removing(id, () =>
        {
            using RootDirectory running = Stored.Open(store.Paths.RunContainers);
            running.Remove(id);
        });
        if (range is uint start) idRanges.Release(start, id);
        if (name is not null) names.Release(name, id);
        RemoveDirectory(id);
    }

    // The lock goes last, and the directory only if nothing is in it by then: whoever finds it without a lock makes one,
    // and it is theirs.
    private void RemoveDirectory(string id) => Removing(id, () =>
    {
        string held = Path.GetFileName(store.LockPath(id));
        using (RootDirectory directory = Stored.Open(store.Directory(id)))
        {
            foreach (RootEntry entry in directory.Enumerate("/"))
            {
                if (entry.Name != held) directory.Remove(entry.Name);
            }

            directory.Remove(held);
        }

        using RootDirectory parent = RootDirectory.Open(store.Paths.Containers);
        parent.RemoveIfEmpty(id);
    });

    // Layers hold whatever containers made: links are not followed, mount points not crossed.
    private static void Removing(string id, Action remove)
    {
        try
        {
            remove();
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            // It was never made.
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, id);
        }
    }

    private static void RemoveCgroup(string path)
    {
        try
        {
            using CgroupManager cgroup = CgroupManager.Open(path);
            if (!cgroup.Exists) return;
            cgroup.Kill();
            cgroup.Remove();
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT)
        {
            // The monitor removed it, as it should.
        }
    }
}
