using System.Diagnostics.CodeAnalysis;
using Container.Engine.Files;
using Container.Engine.Images.Archives;
using Container.Native.Files;

namespace Container.Engine.Images;

/// <summary>
/// Directories that a layer only implies (<c>a/b</c> without <c>a/</c>) keep mode and owner of the layers below. A
/// layer is kept once for all images that have it, and what it implies differs with what is below; overlayfs shows the
/// topmost. So an image for which this is not what its layers below have gets a layer of these directories on top.
/// </summary>
internal sealed class DirectoryLayer : IDisposable
{
    private readonly CancellationToken cancellation;

    // The topmost first.
    private readonly List<(RootDirectory Tree, HashSet<string> Implied)> layers = [];
    private readonly Dictionary<RootDirectory, Dictionary<string, (bool Has, bool Hides)>> looked = [];

    public DirectoryLayer(LayerStore store, IReadOnlyList<string> digests, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        try
        {
            foreach (string digest in digests.Reverse().Distinct())
            {
                RootDirectory tree = store.Open(digest);
                layers.Add((tree, [.. store.TryRead(digest)?.Implied ?? []]));
                looked[tree] = [];
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether anything has to be put right.</summary>
    public bool TryFind([NotNullWhen(true)] out Action<Stream>? write)
    {
        SortedDictionary<string, TarEntry> entries = new(StringComparer.Ordinal);
        foreach (string path in layers.SkipLast(1).SelectMany(layer => layer.Implied).Distinct())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsWrong(path)) continue;

            // What leads to it would hide what is meant, too.
            for (string next = path; entries.TryAdd(next, Describe(next)) && next.Length > 0;)
                next = ArchivePath.Parent(next);
        }

        write = entries.Count == 0 ? null : output =>
        {
            TarWriter writer = new(output);
            foreach (TarEntry entry in entries.Values) writer.Write(entry);
            writer.Finish();
        };
        return write is not null;
    }

    public void Dispose()
    {
        foreach ((RootDirectory tree, _) in layers) tree.Dispose();
    }

    private bool IsWrong(string path)
    {
        if (Find(path, implied: true) is not { } shown || Find(path, implied: false) is not { } meant) return false;
        FileMetadata now = shown.GetMetadata(path);
        FileMetadata right = meant.GetMetadata(path);
        return (now.Mode, now.Uid, now.Gid) != (right.Mode, right.Uid, right.Gid);
    }

    private TarEntry Describe(string path)
    {
        RootDirectory tree = Find(path, implied: false) ?? Find(path, implied: true)!;
        FileMetadata metadata = tree.GetMetadata(path);
        return new TarEntry
        {
            Kind = TarEntryKind.Directory,
            Name = path.Length == 0 ? "./" : path + "/",
            Mode = metadata.Mode,
            Uid = metadata.Uid,
            Gid = metadata.Gid,
            ModifiedAt = metadata.ModifiedAt,
            Xattrs = FileXattrs.Read(tree, path),
        };
    }

    // The topmost layer that has the directory, and names it unless implied ones will do.
    private RootDirectory? Find(string path, bool implied)
    {
        foreach ((RootDirectory tree, HashSet<string> names) in layers)
        {
            (bool has, bool hides) = Look(tree, path);
            if (has && (implied || !names.Contains(path))) return tree;
            if (hides) return null;
        }

        return null;
    }

    // Whether the layer has the directory, and whether nothing of the layers below shows there. What leads to it is looked
    // at once: an archive of some kilobytes can imply thousands of directories in each other.
    private (bool Has, bool Hides) Look(RootDirectory tree, string path)
    {
        Dictionary<string, (bool Has, bool Hides)> known = looked[tree];
        Stack<string> missing = [];
        for (string next = path; next.Length > 0 && !known.ContainsKey(next); next = ArchivePath.Parent(next))
            missing.Push(next);
        while (missing.TryPop(out string? next))
        {
            cancellation.ThrowIfCancellationRequested();
            (bool has, bool hides) = ArchivePath.Parent(next) is { Length: > 0 } parent ? known[parent] : (true, false);
            FileMetadata? found = has ? tree.FindMetadata(next) : null;
            hides |= found is { Kind: not FileKind.Directory };
            has = found is { Kind: FileKind.Directory };
            known[next] = (has, hides || (has && OverlayXattr.IsOpaque(tree, next)));
        }

        return path.Length == 0 ? (true, false) : known[path];
    }
}
