using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Storage;
using Container.Engine.Store;

namespace Container.Engine.Volumes;

public sealed partial class VolumeService
{
    /// <summary>What is wrong with the volumes.</summary>
    internal IEnumerable<StorageIssue> Check(CancellationToken cancellation)
    {
        if (!Directory.Exists(store.Root)) return [];
        using LockFile held = store.Lock(exclusive: false, cancellation);
        IEnumerable<string> temporary = store.FindStale().Concat(AtomicFile.FindStale(store.Root))
            .Concat(DirectoryListing.Directories(store.Root).SelectMany(AtomicFile.FindStale));
        return [.. CheckDocuments(), .. temporary.Select(TemporaryFiles.Issue)];
    }

    /// <summary>Mends what was found, if it is still so.</summary>
    internal void Repair(StorageIssue issue, CancellationToken cancellation)
    {
        // What it holds is somebody's, whatever has become of its document.
        if (issue.Kind == StorageIssueKind.VolumeDamaged)
        {
            throw new EngineException(
                ErrorId.SpecInvalid,
                issue.Message,
                "The volume's files are in 'data'. Copy what is needed and remove the directory.",
                issue.Id);
        }

        using LockFile held = store.Lock(exclusive: true, cancellation);
        if (store.FindStale().Contains(issue.Path)) store.RemoveStale();
        else if (AtomicFile.FindStale(Path.GetDirectoryName(issue.Path)!).Contains(issue.Path)) File.Delete(issue.Path);
    }

    private IEnumerable<StorageIssue> CheckDocuments()
    {
        foreach (string directory in DirectoryListing.Directories(store.Root))
        {
            string name = Path.GetFileName(directory);
            if (!ContainerName.IsWord(name)) continue;
            string? problem = null;
            try
            {
                if (store.TryRead(name) is null) problem = "is missing";
            }
            catch (EngineException failure) when (failure.IsOfState)
            {
                problem = "cannot be read";
            }

            if (problem is null) continue;
            yield return new StorageIssue
            {
                Kind = StorageIssueKind.VolumeDamaged, Id = name, Path = directory,
                Message = $"The document of the volume '{name}' {problem}.",
                IsRepairable = false,
            };
        }
    }
}
