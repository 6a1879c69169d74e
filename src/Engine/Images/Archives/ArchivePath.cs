namespace Container.Engine.Images.Archives;

/// <summary>Names of entries as paths below the layer's root.</summary>
internal static class ArchivePath
{
    /// <summary>
    /// The name without leading slashes and "."; the root is empty. A ".." anywhere is refused: no tool that means well
    /// writes one.
    /// </summary>
    public static string Normalize(string name)
    {
        if (name.Length == 0) throw ArchiveFailure.Invalid("an entry has no name");
        if (IsPlain(name)) return name;
        string[] parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Array.IndexOf(parts, "..") >= 0) throw ArchiveFailure.Invalid($"the name '{name}' leads out of it");
        return string.Join('/', parts.Where(part => part != "."));
    }

    /// <summary>The path of the directory; empty for the root's own entries.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? string.Empty : path[..slash];
    }

    /// <summary>The last component.</summary>
    public static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The entry of a directory.</summary>
    public static string Join(string directory, string name) => directory.Length == 0 ? name : directory + "/" + name;

    private static bool IsPlain(string name) =>
        name[0] is not ('/' or '.') && name[^1] != '/'
        && !name.Contains("//", StringComparison.Ordinal) && !name.Contains("/.", StringComparison.Ordinal);
}
