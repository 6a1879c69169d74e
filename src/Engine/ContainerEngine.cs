using Container.Engine.Containers;
using Container.Engine.Host;
using Container.Engine.Images;
using Container.Engine.Store;

namespace Container.Engine;

/// <summary>
/// The engine: containers and images of one state root. There is no daemon behind it; any number of processes may have
/// it open at the same time.
/// </summary>
public sealed class ContainerEngine
{
    private ContainerEngine(EngineOptions? options)
    {
        Paths = new EnginePaths(options);
        Images = new ImageService(Paths, FindUsers);
        Containers = new ContainerService(Paths, Images);
        Host = new HostService(Paths, Containers, Images);
    }

    /// <summary>Where its files are.</summary>
    public EnginePaths Paths { get; }

    /// <summary>The containers.</summary>
    public ContainerService Containers { get; }

    /// <summary>The images.</summary>
    public ImageService Images { get; }

    /// <summary>The host.</summary>
    public HostService Host { get; }

    /// <summary>Opens the engine; no file is touched before something is asked of it.</summary>
    public static ContainerEngine Open(EngineOptions? options = null) => new(options);

    private IReadOnlyList<string> FindUsers(string imageId) =>
        [.. Containers.List().Where(container => container.ImageId == imageId).Select(container => container.Name)];
}
