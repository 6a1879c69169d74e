namespace Container.Runtime.Arguments;

/// <summary>Paths of the host as the caller gave them.</summary>
internal static class HostPath
{
    /// <summary>The path from the root, without doubled slashes and dots; links are not followed.</summary>
    public static string Absolute(string path) => Path.GetFullPath(path);

    /// <summary>The path from the root, where it starts in <paramref name="directory"/>.</summary>
    public static string Absolute(string path, string directory) => Path.GetFullPath(path, directory);
}
