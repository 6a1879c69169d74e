using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>Mounts of the user's that show files: binds, volumes, images and overlays.</summary>
internal static class SpecFileMounts
{
    private const string OverlayDirectory = "overlays";

    public static OciMount Build(SpecInput input, ContainerMount mount) => mount.Type switch
    {
        ContainerMountType.Volume => Bind(input, mount, input.FindVolume(mount.Source!), recursive: false),
        ContainerMountType.Image => Layers(mount, input.FindLayers(mount.Source!), null),
        ContainerMountType.Overlay => Layers(mount, [Existing(mount)], OverlayPath(input.Directory, mount)),
        _ => Bind(input, mount, Existing(mount), recursive: true),
    };

    /// <summary>Where an overlay keeps the changes: the container's own directory.</summary>
    public static string OverlayPath(string directory, ContainerMount mount) => Path.Join(
        directory, OverlayDirectory, Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(mount.Target)));

    private static OciMount Bind(SpecInput input, ContainerMount mount, string source, bool recursive)
    {
        IReadOnlyList<string> own = mount.Option ?? [];
        List<string> options = [own.Contains("bind") || !recursive ? "bind" : "rbind"];
        if (!own.Any(IsPropagation)) options.Add("rprivate");
        options.AddRange(own.Where(option => option is not ("bind" or "rbind")));
        if (mount.ReadOnly) options.Add("rro");
        bool mapped = mount.MapUser is not null || mount.MapGroup is not null;
        if (mapped && input.UserIds is not null)
        {
            throw new EngineException(
                ErrorId.InvalidMountSpecification,
                "Only root may show the files of a mount as those of another user.",
                "Leave -MapUser and -MapGroup out: this user's own files are root's in the container. Or run as root.",
                mount.ToString());
        }


        // Only the host's root can map the ids of a mount; an ordinary user's containers have the ids of the user's files.
        if (mount.IdMap && !mapped && input.UserIds is null && SpecInput.IsPrivate(input.Configuration.UserNamespace))
            options.Add("idmap");
        OciMount bind = SpecMounts.Mount(mount.Target, "bind", source, [.. options]);
        return mapped
            ? bind with
            {
                UidMappings = [Map(mount.MapUser ?? mount.MapGroup!, SpecIdMaps.Users(input))],
                GidMappings = [Map(mount.MapGroup ?? mount.MapUser!, SpecIdMaps.Groups(input))],
            }
            : bind;
    }

    // An id of the file system is shown as the host's id of the one inside that it shall be.
    private static OciIdMapping Map(string text, IReadOnlyList<OciIdMapping>? container)
    {
        ContainerMount.TryReadMap(text, out uint host, out uint inside);
        if (container is null) return new OciIdMapping { ContainerId = host, HostId = inside, Size = 1 };
        OciIdMapping range = container.FirstOrDefault(
            map => inside >= map.ContainerId && inside - map.ContainerId < map.Size) ?? throw EngineException.Invalid(
                $"The map '{text}' leads to an id that the container's user namespace does not have.", text);
        return new OciIdMapping
        {
            ContainerId = host, HostId = range.HostId + (inside - range.ContainerId), Size = 1,
        };
    }

    private static OciMount Layers(ContainerMount mount, IReadOnlyList<string> layers, string? changes)
    {
        List<string> options = ["idmap", .. mount.Option ?? [], .. layers.Select(layer => "lowerdir+=" + layer)];
        if (changes is not null) options.AddRange([$"upperdir={changes}/upper", $"workdir={changes}/work"]);
        if (mount.ReadOnly || changes is null) options.Add("ro");
        return SpecMounts.Mount(mount.Target, "overlay", "overlay", [.. options]);
    }

    private static string Existing(ContainerMount mount) => Path.Exists(mount.Source)
        ? mount.Source
        : throw new EngineException(
            ErrorId.InvalidMountSpecification,
            $"The mount '{mount}' cannot be used: there is no '{mount.Source}' on the host.",
            "Make the directory first, or give a name without a slash for a volume.",
            mount.ToString());

    private static bool IsPropagation(string option) =>
        option is "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" or "unbindable"
            or "runbindable";
}
