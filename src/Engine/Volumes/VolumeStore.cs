using System.Globalization;
using System.Text.Json;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Volumes;

/// <summary>
/// The files of volumes: volumes/NAME/volume.json and volumes/NAME/data. A volume is there when its document is; it is
/// made under a name no volume can have and renamed, and renamed before it is removed.
/// </summary>
internal sealed class VolumeStore(EnginePaths paths)
{
    private const string DocumentName = "volume.json";
    private const string DataDirectory = "data";
    private const string DraftPrefix = ".draft-";
    private const uint Private = 0x1C0;

    public string Root => paths.Volumes;

    public StoreFiles Files => paths.Files;

    public string Data(string name) => Path.Join(Root, DataName(name));

    /// <summary>The directory with a volume's content, below the root.</summary>
    public static string DataName(string name) => $"{Key(name)}/{DataDirectory}";

    /// <summary>A name no volume can have, for a directory that is no volume yet or no more.</summary>
    public static string DraftName() =>
        string.Create(CultureInfo.InvariantCulture, $"{DraftPrefix}{Environment.ProcessId}-{Guid.NewGuid():N}");

    /// <summary>
    /// Held exclusively by who makes or removes volumes, shared by who makes a container that uses some: so that none
    /// goes between being found and being used.
    /// </summary>
    public LockFile Lock(bool exclusive, CancellationToken cancellation)
    {
        EnginePaths.MakePrivate(Root);
        return LockFile.Acquire(Path.Join(Root, ".lock"), exclusive, cancellation);
    }

    public IEnumerable<VolumeRecord> Read() =>
        DirectoryListing.Directories(Root).Select(directory => Path.GetFileName(directory))
            .Where(ContainerName.IsWord).Select(TryRead).OfType<VolumeRecord>();

    public VolumeRecord? TryRead(string name)
    {
        string path = Path.Join(Root, Key(name), DocumentName);
        if (HostTrust.Read(path) is not { } content) return null;
        try
        {
            VolumeRecord? read = JsonSerializer.Deserialize(content, VolumeJsonContext.Default.VolumeRecord);
            return read is null ? null : read with { Path = Data(name) };
        }
        catch (JsonException failure)
        {
            throw new EngineException(
                ErrorId.SpecInvalid,
                $"The state file '{path}' is damaged: {failure.Message}",
                "The volume's files are beside it, in 'data'. Copy them and remove the directory.",
                path,
                failure);
        }
    }

    /// <summary>Makes a volume with an empty directory; the caller holds the lock.</summary>
    public VolumeRecord Write(VolumeRecord record)
    {
        string draft = DraftName();
        try
        {
            using RootDirectory volumes = Files.Open(Root);
            volumes.MakeDirectory(draft, Private);
            volumes.MakeDirectory($"{draft}/{DataDirectory}", Private);
            volumes.SetOwner($"{draft}/{DataDirectory}", record.Uid, record.Gid);
            volumes.SetMode($"{draft}/{DataDirectory}", 0x1ED);
            if (record.Size is { } size)
            {
                DirectoryQuota.Set(
                    volumes, [$"{draft}/{DataDirectory}"], $"{Root}/{record.Name}", size,
                    $"The volume '{record.Name}'", "-Size");
            }

            AtomicFile.Write(
                Path.Join(Root, draft, DocumentName),
                JsonSerializer.SerializeToUtf8Bytes(record, VolumeJsonContext.Default.VolumeRecord));
            volumes.Rename(draft, Key(record.Name), replace: false);
            return record with { Path = Data(record.Name) };
        }
        catch (SystemCallException failure)
        {
            Discard(draft);
            throw StoreFailure.Describe(failure, Root);
        }
        catch
        {
            Discard(draft);
            throw;
        }
    }

    /// <summary>Removes a volume and its content; the caller holds the lock.</summary>
    public void Remove(string name)
    {
        try
        {
            using RootDirectory volumes = Files.Open(Root);
            string gone = DraftName();
            volumes.Rename(Key(name), gone);
            volumes.Remove(gone);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            // Somebody else removed it.
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, name);
        }
    }

    /// <summary>Removes what processes that died left; the caller holds the lock.</summary>
    public void RemoveStale()
    {
        foreach (string draft in FindStale()) Discard(Path.GetFileName(draft));
    }

    /// <summary>What processes that died left.</summary>
    public IReadOnlyList<string> FindStale() =>
        [.. DirectoryListing.Directories(Root, DraftPrefix + "*").Where(draft =>
            !Directory.Exists("/proc/" + Path.GetFileName(draft)[DraftPrefix.Length..].Split('-')[0]))];

    // Names are told apart without regard to case, and kept as they were written.
    private static string Key(string name) => name.ToLowerInvariant();

    private void Discard(string draft)
    {
        using RootDirectory volumes = Files.Open(Root);
        volumes.Remove(draft);
    }
}
