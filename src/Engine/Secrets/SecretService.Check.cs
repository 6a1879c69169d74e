using Container.Engine.Errors;
using Container.Engine.Storage;
using Container.Engine.Store;
using Container.Native.Files;

namespace Container.Engine.Secrets;

public sealed partial class SecretService
{
    /// <summary>What is wrong with the secrets.</summary>
    internal IEnumerable<StorageIssue> Check(CancellationToken cancellation)
    {
        if (!Directory.Exists(paths.Secrets)) return [];
        using LockFile held = Lock(cancellation);
        string[] directories = [.. DirectoryListing.Directories(paths.Secrets)];
        return
        [
            .. directories.Where(directory => !IsWhole(directory)).Select(directory => new StorageIssue
            {
                Kind = StorageIssueKind.SecretRemains, Id = Path.GetFileName(directory), Path = directory,
                Message = $"'{directory}' is no whole secret.",
            }),
            .. directories.SelectMany(AtomicFile.FindStale).Select(TemporaryFiles.Issue),
        ];
    }

    /// <summary>Removes what is left of a secret, if it still is none.</summary>
    internal void Repair(StorageIssue issue, CancellationToken cancellation)
    {
        using LockFile held = Lock(cancellation);
        string directory = Path.Join(paths.Secrets, Path.GetFileName(issue.Id));
        if (!Directory.Exists(directory) || IsWhole(directory)) return;
        using RootDirectory secrets = RootDirectory.Open(paths.Secrets);
        secrets.Remove(Path.GetFileName(directory));
    }

    private bool IsWhole(string directory)
    {
        try
        {
            return TryResolve(Path.GetFileName(directory)) is not null && File.Exists(Path.Join(directory, ValueName));
        }
        catch (EngineException failure) when (failure.IsOfState)
        {
            return false;
        }
    }
}
