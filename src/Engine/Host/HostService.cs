using System.Reflection;
using System.Runtime.InteropServices;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Images;
using Container.Engine.State;
using Container.Native.Cgroups.Hierarchies;

namespace Container.Engine.Host;

/// <summary>What the host is, and whether it can run containers.</summary>
public sealed class HostService
{
    private readonly EnginePaths paths;
    private readonly ContainerService containers;
    private readonly ImageService images;

    internal HostService(EnginePaths paths, ContainerService containers, ImageService images)
    {
        this.paths = paths;
        this.containers = containers;
        this.images = images;
    }

    /// <summary>What this user's containers lack, or null.</summary>
    public static string? Warning => UserIds.Current is { HasRange: false } ids
        ? $"Containers of this user have one user and one group, root: {ids.Missing}. Images with files of others "
            + "cannot be used; see docs/rootless.md."
        : null;

    /// <summary>Describes the host and the engine on it.</summary>
    public HostRecord Get()
    {
        IReadOnlyList<ContainerRecord> all = containers.List();
        return new HostRecord
        {
            Name = Environment.MachineName,
            KernelRelease = HostFacts.KernelRelease,
            OperatingSystem = HostFacts.ReadOperatingSystem(),
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            ProcessorCount = Environment.ProcessorCount,
            TotalMemory = HostFacts.ReadTotalMemory(),
            CgroupMode = CgroupHost.Mode,
            CgroupControllers = CgroupHost.Current.GetControllers(),
            Features = [.. Test().Where(check => check.Passed).Select(check => check.Name)],
            StateRoot = paths.StateRoot,
            RunRoot = paths.RunRoot,
            RuntimePath = paths.RuntimePath,
            RuntimeVersion = HostFacts.ReadRuntimeVersion(paths),
            Version = ModuleVersion,
            ContainerCount = all.Count,
            RunningContainerCount = all.Count(static container => container.State is ContainerState.Running),
            ImageCount = images.List().Count,
        };
    }

    /// <summary>Checks what containers need. Nothing is changed, and nothing of a container's is run.</summary>
    public IReadOnlyList<HostCheck> Test() => HostChecks.Run(paths);

    /// <summary>What the runtime can do, and what of it the host has.</summary>
    public IReadOnlyList<HostFeature> GetFeatures() => HostFeatures.Run(paths);

    private static string ModuleVersion =>
        typeof(HostService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "0";
}
