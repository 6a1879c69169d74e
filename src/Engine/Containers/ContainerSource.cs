using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Store;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;

namespace Container.Engine.Containers;

/// <summary>What a container is made of: an image, a directory or an OCI bundle.</summary>
internal sealed record ContainerSource
{
    // Far beyond any real configuration; a larger one is refused before it is parsed.
    private const int MaximumDocument = 16 * 1024 * 1024;

    public string? ImageId { get; init; }

    public string? ImageName { get; init; }

    public ImageDefaults Defaults { get; init; } = ImageDefaults.None;

    public required ContainerRootFs RootFs { get; init; }

    /// <summary>A bundle's configuration, which is used as it is.</summary>
    public OciSpec? Spec { get; init; }

    public static ContainerSource Find(ContainerConfiguration configuration, ImageService images)
    {
        int given = (configuration.Image is null ? 0 : 1) + (configuration.RootFsPath is null ? 0 : 1)
            + (configuration.BundlePath is null ? 0 : 1);
        if (given != 1)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                "A container is made of one image, root directory or bundle.",
                "Give exactly one of Image, RootFsPath and BundlePath.");
        }

        if (configuration.Image is { } image) return FromImage(images.Resolve(image), configuration, images);
        return configuration.RootFsPath is { } path ? FromDirectory(path) : FromBundle(configuration.BundlePath!);
    }

    private static ContainerSource FromImage(
        ImageRecord image, ContainerConfiguration configuration, ImageService images)
    {
        return new ContainerSource
        {
            ImageId = image.Id,
            ImageName = configuration.Image,
            Defaults = new ImageDefaults
            {
                IsHost = image.IsHost,
                EntryPoint = image.Config.Entrypoint ?? [],
                Command = image.Config.Command ?? [],
                Environment = image.Config.Environment ?? [],
                WorkingDirectory = image.Config.WorkingDirectory,
                User = image.Config.User,
                StopSignal = image.Config.StopSignal,
                Volumes = image.Config.Volumes,
            },
            RootFs = new ContainerRootFs
            {
                Layers = image.IsHost ? ["/"] : images.GetLayerDirectories(image),
                Host = image.IsHost,
            },
        };
    }

    private static ContainerSource FromDirectory(string path)
    {
        if (!Path.IsPathFullyQualified(path) || !Directory.Exists(path))
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration, $"There is no directory '{path}' on the host.", target: path);
        }

        return new ContainerSource { ImageName = path, RootFs = new ContainerRootFs { Layers = [path] } };
    }

    // The container's own bundle lies elsewhere, so what starts at this one is named in full.
    private static OciMount Anchor(OciMount mount, string bundle)
    {
        bool binds = mount.Type == "bind" || (mount.Options?.Any(static option => option is "bind" or "rbind") ?? false);
        return binds && mount.Source is { Length: > 0 } source ? mount with { Source = Path.Combine(bundle, source) } : mount;
    }

    private static ContainerSource FromBundle(string path)
    {
        string file = Path.Join(path, "config.json");
        try
        {
            OciSpec spec = OciDocument.ReadSpec(BoundedFile.Read(file, MaximumDocument));
            string root = Path.GetFullPath(spec.Root?.Path ?? "rootfs", path);
            return new ContainerSource
            {
                ImageName = path,
                RootFs = new ContainerRootFs { Path = root },
                Spec = spec with
                {
                    Root = (spec.Root ?? new OciRoot()) with { Path = root },
                    Mounts = spec.Mounts is { } mounts ? [.. mounts.Select(mount => Anchor(mount, path))] : null,
                },
            };
        }
        catch (DocumentException exception)
        {
            throw new EngineException(
                ErrorId.SpecInvalid, $"'{file}' cannot be used: {exception.Message}.", null, path, exception);
        }
    }
}
