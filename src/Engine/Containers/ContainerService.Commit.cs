using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Images.Archives;
using Container.Engine.State;
using Container.Native.Files;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Makes an image of a container: its image's layers, and one of what it changed.</summary>
    public ImageRecord Commit(
        string nameOrId,
        CommitOptions? options = null,
        IProgress<ImageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new CommitOptions();
        ContainerDocument document = Document(nameOrId);
        if (document.RootFs.Layers is not { } layers || document.RootFs.Host)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"The container '{document.Name}' has no image of its own to build on.",
                "Copy what you need with Copy-ContainerItem, or make an image of a directory.",
                nameOrId);
        }

        ImageRecord? parent = document.ImageId is null ? null : images.Resolve(document.ImageId);
        bool squash = options.Squash || parent is null;
        bool paused = options.Pause && Resolve(document.Id).State == ContainerState.Running;
        if (paused && !TryPause(document.Id, cancellation)) paused = false;
        try
        {
            Action<Stream>? write = squash ? Whole(document, layers, cancellation) : Changed(document, cancellation);
            ImageConfiguration configuration = Configuration(parent?.Config, document.Configuration);
            CommitOptions commit = options with { CreatedBy = "commit of " + document.Name };
            return images.Commit(squash ? null : parent, configuration, write, commit, progress, cancellation);
        }
        finally
        {
            if (paused) Resume(document.Id, CancellationToken.None);
        }
    }

    // An ordinary user's container that has no control group cannot be stopped meanwhile.
    private bool TryPause(string id, CancellationToken cancellation)
    {
        try
        {
            Pause(id, cancellation);
            return true;
        }
        catch (EngineException failure) when (failure.Id == ErrorId.KernelFeatureMissing && UserIds.Current is not null)
        {
            return false;
        }
    }

    private Action<Stream> Whole(
        ContainerDocument document, IReadOnlyList<string> layers, CancellationToken cancellation) => output =>
    {
        using RootDirectory all = Stored.OpenLayers([Path.Join(store.Directory(document.Id), "upper"), .. layers]);
        new DirectoryArchive(all, output, new SpecialFiles(kept: true)).Write(cancellation);
    };

    private Action<Stream>? Changed(ContainerDocument document, CancellationToken cancellation)
    {
        IReadOnlyList<LayerChange> changes = GetChanges(document.Id, cancellation);
        return changes.Count == 0 ? null : output =>
        {
            using RootDirectory upper = Stored.Open(Path.Join(store.Directory(document.Id), "upper"));
            new DirectoryArchive(upper, output, new SpecialFiles(kept: true)).WriteLayer(changes, cancellation);
        };
    }

    // What the container was told over its image is what the new image says. Secrets are in neither.
    private static ImageConfiguration Configuration(ImageConfiguration? parent, ContainerConfiguration own)
    {
        ImageConfiguration result = parent ?? new ImageConfiguration();
        string[] command = [.. own.Command is null ? [] : new[] { own.Command }, .. own.ArgumentList ?? []];
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (string variable in result.Environment ?? [])
            environment[variable.Split('=')[0]] = variable;
        foreach ((string name, string value) in own.Environment ?? new Dictionary<string, string>())
            environment[name] = $"{name}={value}";
        return result with
        {
            Entrypoint = own.EntryPoint ?? result.Entrypoint,
            Command = command.Length > 0 ? command : own.EntryPoint is null ? result.Command : null,
            Environment = environment.Count > 0 ? [.. environment.Values] : result.Environment,
            User = own.User ?? result.User,
            WorkingDirectory = own.WorkingDirectory ?? result.WorkingDirectory,
            StopSignal = own.StopSignal ?? result.StopSignal,
        };
    }
}
