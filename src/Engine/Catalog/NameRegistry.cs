using Container.Engine.Configuration;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Catalog;

/// <summary>
/// Who has which name. A name that is taken is a symbolic link of that name whose text is the container's id:
/// symlink(2)
/// makes it or fails with EEXIST, so of any number of creators one wins.
/// </summary>
internal sealed class NameRegistry(EnginePaths paths, Func<string, string, bool> isAbandoned)
{
    private readonly string directory = Path.Join(paths.StateRoot, "names");

    /// <summary>Takes a name; false when another container has it.</summary>
    public bool TryReserve(string name, string id, CancellationToken cancellation)
    {
        EnginePaths.MakePrivate(directory);
        using RootDirectory names = RootDirectory.Open(directory);
        string key = ContainerName.Key(name);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                names.Symlink(id, key);
                return true;
            }
            catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
            {
                string? owner = Owner(names, key);

                // An attempt before was cut short: the name is kept for this container already.
                if (owner == id) return true;
                if (owner is not null && !(isAbandoned(owner, key) && Take(names, key, owner, cancellation))) return false;
            }
            catch (SystemCallException failure)
            {
                throw StoreFailure.Describe(failure, directory);
            }
        }
    }

    /// <summary>The id of the container that has the name, or null.</summary>
    public string? Find(string name)
    {
        try
        {
            using RootDirectory names = RootDirectory.Open(directory);
            return Owner(names, ContainerName.Key(name));
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>The name that the container with this id has, or null; reads them all.</summary>
    public string? FindOf(string id)
    {
        if (!Directory.Exists(directory)) return null;
        using RootDirectory names = RootDirectory.Open(directory);
        return names.Enumerate(".").Select(entry => entry.Name).FirstOrDefault(name => Owner(names, name) == id);
    }

    /// <summary>All names that are taken, and the ids of the containers that have them.</summary>
    public IReadOnlyList<(string Name, string Id)> List()
    {
        if (!Directory.Exists(directory)) return [];
        using RootDirectory names = RootDirectory.Open(directory);
        List<(string Name, string Id)> taken = [];
        foreach (RootEntry entry in names.Enumerate("."))
        {
            if (Owner(names, entry.Name) is { } owner) taken.Add((entry.Name, owner));
        }

        return taken;
    }

    /// <summary>Gives a name back; that it is another container's, or free, is no error.</summary>
    public void Release(string name, string id, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(directory)) return;
        using RootDirectory names = RootDirectory.Open(directory);
        Take(names, ContainerName.Key(name), id, cancellation);
    }

    // Removing what was read before needs a lock: the name may be another container's by then.
    private bool Take(RootDirectory names, string key, string owner, CancellationToken cancellation)
    {
        using LockFile held = LockFile.Acquire(Path.Join(directory, ".lock"), exclusive: true, cancellation);
        if (Owner(names, key) == owner) names.Remove(key);
        return true;
    }

    private static string? Owner(RootDirectory names, string key)
    {
        try
        {
            return names.ReadLink(key);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.EINVAL or Errno.ENAMETOOLONG)
        {
            return null;
        }
    }
}
