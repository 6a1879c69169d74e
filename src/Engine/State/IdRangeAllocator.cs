using System.Globalization;
using Container.Engine.Errors;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.State;

/// <summary>
/// Ranges of 65,536 host ids, one per container. A range that is taken is a symbolic link named after its first id,
/// whose text is the container's id: made and read in one system call each, so no crash leaves half of one.
/// </summary>
public sealed class IdRangeAllocator
{
    /// <summary>How many ids a range has.</summary>
    public const uint Size = 0x10000;

    private readonly string directory;
    private readonly SubordinateIds subordinate;

    /// <summary>Uses the ranges of the state directory.</summary>
    public IdRangeAllocator(EnginePaths paths)
        : this(paths?.IdRanges ?? throw new ArgumentNullException(nameof(paths)), SubordinateIds.Read())
    {
    }

    internal IdRangeAllocator(string directory, SubordinateIds subordinate)
    {
        this.directory = directory;
        this.subordinate = subordinate;
    }

    /// <summary>
    /// Takes a free range. The container's directory must exist by then: <see cref="Recover"/> frees the ranges of
    /// containers that do not exist.
    /// </summary>
    /// <returns>The first host id.</returns>
    public uint Allocate(string containerId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        using LockFile held = Lock(cancellation);
        using RootDirectory ranges = RootDirectory.Open(directory);
        uint count = subordinate.RangeCount;

        // The search begins anywhere, so that it rarely meets a range that is taken.
        uint first = (uint)Random.Shared.Next((int)count);
        for (uint i = 0; i < count; i++)
        {
            uint start = subordinate.GetRange((first + i) % count);
            if (subordinate.IsForeign(start)) continue;
            try
            {
                ranges.Symlink(containerId, Name(start));
                return start;
            }
            catch (SystemCallException failure) when (failure.Errno == Errno.EEXIST)
            {
                continue;
            }
            catch (SystemCallException failure)
            {
                throw StoreFailure.Describe(failure, directory);
            }
        }

        throw new EngineException(
            ErrorId.LimitExceeded,
            "Every range of user ids is taken.",
            "Remove containers, or give the user 'containers' a larger range in /etc/subuid and /etc/subgid.",
            containerId);
    }

    /// <summary>Gives a range back; that it is another container's, or free, is no error.</summary>
    public void Release(uint start, string containerId, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(directory)) return;
        using LockFile held = Lock(cancellation);
        using RootDirectory ranges = RootDirectory.Open(directory);
        if (Owner(ranges, Name(start)) == containerId) ranges.Remove(Name(start));
    }

    /// <summary>All ranges that are taken, and the ids of the containers that have them.</summary>
    public IReadOnlyList<(uint Start, string ContainerId)> List()
    {
        if (!Directory.Exists(directory)) return [];
        using RootDirectory ranges = RootDirectory.Open(directory);
        List<(uint Start, string ContainerId)> taken = [];
        foreach (RootEntry entry in ranges.Enumerate("."))
        {
            if (Owner(ranges, entry.Name) is { } owner
                && uint.TryParse(entry.Name, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint start))
                taken.Add((start, owner));
        }

        return taken;
    }

    /// <summary>Gives back the ranges of containers that do not exist any more.</summary>
    /// <returns>How many there were.</returns>
    public int Recover(Func<string, bool> exists, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(exists);
        if (!Directory.Exists(directory)) return 0;
        using LockFile held = Lock(cancellation);
        using RootDirectory ranges = RootDirectory.Open(directory);
        int freed = 0;
        foreach (RootEntry entry in ranges.Enumerate("."))
        {
            if (Owner(ranges, entry.Name) is not { } owner || exists(owner)) continue;
            ranges.Remove(entry.Name);
            freed++;
        }

        return freed;
    }

    private LockFile Lock(CancellationToken cancellation)
    {
        EnginePaths.MakePrivate(directory);
        return LockFile.Acquire(Path.Combine(directory, "lock"), exclusive: true, cancellation);
    }

    private static string Name(uint start) => start.ToString("x8", CultureInfo.InvariantCulture);

    private static string? Owner(RootDirectory ranges, string name)
    {
        try
        {
            return ranges.ReadLink(name);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            return null;
        }
    }
}
