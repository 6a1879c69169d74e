using Container.Engine.Files;
using Container.Engine.State;
using Container.Native.Files;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

/// <summary>
/// The root file system of a container, as the container has it. While it runs that is the root of its first process,
/// mounts included; otherwise its layers put together, and paths that lead into a mount are looked up in its source.
/// Either way everything is resolved inside (CVE-2018-15664).
/// </summary>
internal sealed class ContainerRoot(StoreFiles files, RootDirectory root, OciSpec spec, bool running) : IDisposable
{
    public RootDirectory Root => root;

    private readonly IdShift shift = new(spec.Linux?.UidMappings, spec.Linux?.GidMappings);

    /// <summary>What owners in <see cref="Root"/> mean. Layers and volumes of root's have the container's own, as they are
    /// mapped when they are mounted; a user's have those of the user's namespace.</summary>
    public IdShift Ids => running ? shift : Stored;

    private IdShift Stored => UserIds.Current is null ? IdShift.None : shift;

    /// <summary>Where a path of the container is.</summary>
    public ContainerPlace Find(string path)
    {
        if (!running && FindMount(Canonical(path)) is { } found) return found;
        return new ContainerPlace(root.OpenRoot("/"), path, Ids, !running && spec.Root?.Readonly == true);
    }

    public void Dispose() => root.Dispose();

    private ContainerPlace? FindMount(string path)
    {
        OciMount? mount = (spec.Mounts ?? []).Where(mount => Covers(mount.Destination, path))
            .MaxBy(mount => mount.Destination.TrimEnd('/').Length);
        string rest = mount is null ? "" : path[mount.Destination.TrimEnd('/').Length..];
        bool readOnly = mount?.Options?.Any(option => option is "ro" or "rro") == true;
        if (mount is { Type: "overlay" })
            return new ContainerPlace(OpenLayers(mount), Whole(rest), Stored, readOnly);
        if (mount is not { Type: "bind", Source: { } source }) return null;

        // A single file is found in its directory.
        IdShift ids = IsMapped(mount) ? IdShift.None : shift;
        return Directory.Exists(source)
            ? new ContainerPlace(files.Open(source), Whole(rest), ids, readOnly)
            : new ContainerPlace(files.Open(Path.GetDirectoryName(source)!), Path.GetFileName(source), ids, readOnly);
    }

    private RootDirectory OpenLayers(OciMount mount)
    {
        string[] lower = [.. Values("lowerdir+=")];
        string? upper = Values("upperdir=").Select(Path.GetDirectoryName).FirstOrDefault();
        return upper is null ? files.OpenLayers(lower) : files.OpenWritable(lower, upper);

        IEnumerable<string> Values(string key) => (mount.Options ?? [])
            .Where(option => option.StartsWith(key, StringComparison.Ordinal)).Select(option => option[key.Length..]);
    }

    // The path without links, as far as it exists: a link of the image may lead into a mount.
    private string Canonical(string path)
    {
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        if (slash < 0) return "/";
        try
        {
            using FileDescriptor directory = root.OpenDirectory(trimmed[..slash]);
            string? real = new FileInfo($"/proc/self/fd/{directory.Number}").LinkTarget;
            return real is ['/', ..] ? real.TrimEnd('/') + trimmed[slash..] : trimmed;
        }
        catch (SystemCallException)
        {
            return trimmed;
        }
    }

    // The container sees the ids that the source has, as with layers.
    private static bool IsMapped(OciMount mount) =>
        mount.UidMappings is not null || mount.Options?.Any(option => option is "idmap" or "ridmap") == true;

    private static bool Covers(string target, string path)
    {
        target = target.TrimEnd('/');
        return path == target || path.StartsWith(target + "/", StringComparison.Ordinal);
    }

    private static string Whole(string rest) => rest.Length == 0 ? "/" : rest;
}
