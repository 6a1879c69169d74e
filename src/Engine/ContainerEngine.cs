using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Events;
using Container.Engine.Host;
using Container.Engine.Images;
using Container.Engine.Secrets;
using Container.Engine.Settings;
using Container.Engine.Specs;
using Container.Engine.State;
using Container.Engine.Upkeep;
using Container.Engine.Volumes;

namespace Container.Engine;

/// <summary>
/// The engine: containers and images of one state root. There is no daemon behind it; any number of processes may have
/// it open at the same time.
/// </summary>
public sealed class ContainerEngine
{
    private ContainerEngine(EngineOptions? options)
    {
        Settings = new SettingsService(options);
        Paths = new EnginePaths(options, Settings);
        Events = new EventService(Paths);
        Images = new ImageService(Paths, FindUsers, Events);
        Secrets = new SecretService(Paths, FindSecretUsers, Events);
        Volumes = new VolumeService(Paths, FindVolumeUsers, Events);
        Containers = new ContainerService(
            Paths, Settings, Images, Volumes, Secrets, Events, options?.Sweeper);
        Specs = new SpecService(Containers);
        Storage = new StorageService(Paths, Containers, Images, Volumes, Secrets);
        Host = new HostService(Paths, Containers, Images);
    }

    /// <summary>Where its files are.</summary>
    public EnginePaths Paths { get; }

    /// <summary>The configuration files.</summary>
    public SettingsService Settings { get; }

    /// <summary>The containers.</summary>
    public ContainerService Containers { get; }

    /// <summary>The images.</summary>
    public ImageService Images { get; }

    /// <summary>The volumes.</summary>
    public VolumeService Volumes { get; }

    /// <summary>What has happened.</summary>
    public EventService Events { get; }

    /// <summary>OCI configurations.</summary>
    public SpecService Specs { get; }

    /// <summary>What the state directory has.</summary>
    public StorageService Storage { get; }

    /// <summary>The secrets.</summary>
    public SecretService Secrets { get; }

    /// <summary>The host.</summary>
    public HostService Host { get; }

    /// <summary>
    /// Opens the engine. The configuration is read where nothing else says where the state is; no other file is touched
    /// before something is asked of it.
    /// </summary>
    public static ContainerEngine Open(EngineOptions? options = null) => new(options);

    private List<string> FindUsers(string imageId) => Names(container =>
        container.ImageId == imageId || (container.Configuration.Mount ?? []).Any(mount =>
            mount.Type == ContainerMountType.Image && Images.TryResolve(mount.Source!)?.Id == imageId));

    private List<string> FindVolumeUsers(string name) => Names(container => container.VolumeNames.Contains(name));

    private List<string> FindSecretUsers(string name) => Names(container => (container.Configuration.Secret ?? [])
        .Any(text => ContainerSecret.Parse(text).Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    private List<string> Names(Func<ContainerRecord, bool> isUser) =>
        [.. Containers.List().Where(isUser).Select(container => container.Name)];
}
