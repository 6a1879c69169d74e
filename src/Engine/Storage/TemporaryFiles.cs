using Container.Engine.State;
using Container.Engine.Store;

namespace Container.Engine.Storage;

/// <summary>Files that processes left that were killed while they wrote.</summary>
internal static class TemporaryFiles
{
    public static StorageIssue Issue(string path) => new()
    {
        Kind = StorageIssueKind.TemporaryFile, Id = Path.GetFileName(path), Path = path,
        Message = $"'{path}' was left by a process that was killed.",
    };

    /// <summary>Removes one of the engine's own, if its writer is still gone.</summary>
    public static void Remove(StorageIssue issue, EnginePaths paths)
    {
        bool isOwn = issue.Path.StartsWith(paths.StateRoot + "/", StringComparison.Ordinal)
            || issue.Path.StartsWith(paths.RunRoot + "/", StringComparison.Ordinal);
        if (!isOwn) return;
        if (AtomicFile.FindStale(Path.GetDirectoryName(issue.Path)!).Contains(issue.Path)) File.Delete(issue.Path);
    }
}
