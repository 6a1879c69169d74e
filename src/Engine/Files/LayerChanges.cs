using Container.Native.Files;

namespace Container.Engine.Files;

/// <summary>
/// What the upper directory of an overlay says was changed (Documentation/filesystems/overlayfs.rst): a character
/// device 0, 0 hides what lower layers have, and so does an opaque directory.
/// </summary>
/// <param name="upper">The layer with the changes.</param>
/// <param name="lower">What the layers below show together.</param>
/// <param name="targets">Where the container's mounts are: what was made for them to cover is no change.</param>
/// <param name="cancellation">Ends the search.</param>
internal sealed class LayerChanges(
    RootDirectory upper, RootDirectory lower, IReadOnlySet<string> targets, CancellationToken cancellation)
{
    private readonly List<LayerChange> changes = [];

    /// <summary>All changes; a directory comes before what it holds.</summary>
    public IReadOnlyList<LayerChange> Find()
    {
        Walk(string.Empty, inLower: true);
        if (Differs(upper.GetMetadata("/"), lower.GetMetadata("/")))
            changes.Insert(0, new LayerChange("/", ChangeKind.Changed));
        return changes;
    }

    public static bool IsWhiteout(FileMetadata file) =>
        file is { Kind: FileKind.CharacterDevice, MajorNumber: 0, MinorNumber: 0 };

    private void Walk(string directory, bool inLower)
    {
        IEnumerable<string> names = upper.Enumerate(directory).Select(entry => entry.Name);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            string path = directory + "/" + name;
            WalkFailure.Tolerate(path, () => Compare(path, inLower));
        }
    }

    private void Compare(string path, bool inLower)
    {
        FileMetadata now = upper.GetMetadata(path);
        FileMetadata? before = inLower ? lower.FindMetadata(path) : null;
        if (IsWhiteout(now))
        {
            if (before is not null) Add(path, ChangeKind.Deleted);
        }
        else if (before is null && IsTarget(path, now))
        {
            return;
        }
        else if (now.Kind == FileKind.Directory)
        {
            WalkDirectory(path, now, before);
        }
        else
        {
            Add(path, before is null ? ChangeKind.Added : ChangeKind.Changed);
        }
    }

    private void WalkDirectory(string path, FileMetadata now, FileMetadata? before)
    {
        if (before is not { Kind: FileKind.Directory } old)
        {
            Add(path, before is null ? ChangeKind.Added : ChangeKind.Changed);
            Walk(path, inLower: false);
            return;
        }

        // The overlay copies a directory up to change what is in it: alone that is no change of the directory.
        int place = changes.Count;
        if (OverlayXattr.IsOpaque(upper, path)) AddHidden(path);
        Walk(path, inLower: true);
        if (changes.Count > place || Differs(now, old)) changes.Insert(place, new LayerChange(path, ChangeKind.Changed));
    }

    private static bool Differs(FileMetadata now, FileMetadata before) =>
        (now.Mode, now.Uid, now.Gid) != (before.Mode, before.Uid, before.Gid);

    private void AddHidden(string path)
    {
        foreach (RootEntry entry in lower.Enumerate(path))
        {
            if (upper.FindMetadata(path + "/" + entry.Name) is null)
                Add(path + "/" + entry.Name, ChangeKind.Deleted);
        }
    }

    private bool IsTarget(string path, FileMetadata file) => targets.Contains(path)
        && (file.Kind == FileKind.Directory ? upper.Enumerate(path).Count == 0 : file.Size == 0);

    private void Add(string path, ChangeKind kind) => changes.Add(new LayerChange(path, kind));
}
