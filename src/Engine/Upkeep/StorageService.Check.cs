using Container.Engine.Storage;

namespace Container.Engine.Upkeep;

public sealed partial class StorageService
{
    /// <summary>
    /// Everything that is wrong with the state, in the order in which it is to be mended. Nothing is changed, and what
    /// somebody works on at the moment is left out.
    /// </summary>
    /// <param name="quick">Leave out what has to read every file of every layer.</param>
    /// <param name="cancellation">Ends it.</param>
    public IReadOnlyList<StorageIssue> Check(bool quick = false, CancellationToken cancellation = default) =>
    [
        .. containers.Check(cancellation), .. images.Check(quick, cancellation), .. volumes.Check(cancellation),
        .. secrets.Check(cancellation),
    ];

    /// <summary>Mends one thing, if it is still wrong. What runs is not touched.</summary>
    public void Repair(StorageIssue issue, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(issue);
        switch (issue.Kind)
        {
            case StorageIssueKind.TemporaryFile when IsBelow(issue.Path, paths.Images):
            case StorageIssueKind.TagsDamaged or StorageIssueKind.ImageDamaged or StorageIssueKind.LayerDamaged
                or StorageIssueKind.LayerRemains or StorageIssueKind.BlobRemains or StorageIssueKind.TagRemains:
                images.Repair(issue, cancellation);
                break;
            case StorageIssueKind.TemporaryFile when IsBelow(issue.Path, paths.Volumes):
            case StorageIssueKind.VolumeDamaged:
                volumes.Repair(issue, cancellation);
                break;
            case StorageIssueKind.SecretRemains:
                secrets.Repair(issue, cancellation);
                break;
            case StorageIssueKind.TemporaryFile:
                TemporaryFiles.Remove(issue, paths);
                break;
            default:
                containers.Repair(issue, cancellation);
                break;
        }
    }

    private static bool IsBelow(string path, string directory) =>
        path.StartsWith(directory + "/", StringComparison.Ordinal);
}
