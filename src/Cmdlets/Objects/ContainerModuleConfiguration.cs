using Container.Engine.Configuration;
using Container.Engine.Settings;

namespace Container.Cmdlets.Objects;

/// <summary>The configuration of the module: what one file says, or what holds.</summary>
public sealed class ContainerModuleConfiguration : IComparable<ContainerModuleConfiguration>, IComparable
{
    /// <summary>Whose file it is; null for what holds.</summary>
    public ContainerConfigurationScope? Scope { get; init; }

    /// <summary>The files.</summary>
    public required string[] Path { get; init; }

    /// <summary>Where the state is that survives a reboot.</summary>
    public string? StorageRoot { get; init; }

    /// <summary>Where what containers write goes.</summary>
    public ContainerLogDriver? LogDriver { get; init; }

    /// <summary>Options of the log.</summary>
    public IReadOnlyDictionary<string, string>? LogOption { get; init; }

    /// <summary>The control group for those of containers.</summary>
    public string? CgroupParent { get; init; }

    /// <summary>Most processes and threads of a container; -1 is unlimited.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Seconds a container has to stop before it is killed.</summary>
    public int? StopTimeoutSec { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerModuleConfiguration? other) =>
        string.CompareOrdinal(ToString(), other?.ToString());

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerModuleConfiguration);

    /// <inheritdoc/>
    public override string ToString() => Scope?.ToString() ?? "Effective";

    internal static ContainerModuleConfiguration From(
        EngineSettings settings, ContainerConfigurationScope? scope, params string[] path) => new()
        {
            Scope = scope,
            Path = path,
            StorageRoot = settings.StorageRoot,
            LogDriver = settings.LogDriver,
            LogOption = settings.LogOption,
            CgroupParent = settings.CgroupParent,
            PidsLimit = settings.PidsLimit,
            StopTimeoutSec = settings.StopTimeoutSec,
        };
}
