using Container.Engine.Configuration;
using Container.Engine.Errors;

namespace Container.Engine.Settings;

/// <summary>What a configuration file says; null is what it does not say.</summary>
public sealed record EngineSettings
{
    /// <summary>Where the state is that survives a reboot.</summary>
    public string? StorageRoot { get; init; }

    /// <summary>Where what containers write goes, unless they are created otherwise.</summary>
    public ContainerLogDriver? LogDriver { get; init; }

    /// <summary>Options of the log, for containers that are created without any.</summary>
    public IReadOnlyDictionary<string, string>? LogOption { get; init; }

    /// <summary>The control group for those of containers.</summary>
    public string? CgroupParent { get; init; }

    /// <summary>Most processes and threads of a container; -1 is unlimited.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Seconds a container has to stop before it is killed.</summary>
    public int? StopTimeoutSec { get; init; }

    /// <summary>These settings, and where they say nothing the others.</summary>
    public EngineSettings Over(EngineSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new EngineSettings
        {
            StorageRoot = StorageRoot ?? other.StorageRoot,
            LogDriver = LogDriver ?? other.LogDriver,
            LogOption = LogOption ?? other.LogOption,
            CgroupParent = CgroupParent ?? other.CgroupParent,
            PidsLimit = PidsLimit ?? other.PidsLimit,
            StopTimeoutSec = StopTimeoutSec ?? other.StopTimeoutSec,
        };
    }

    /// <summary>What a container is created from where its own configuration says nothing.</summary>
    internal ContainerConfiguration Apply(ContainerConfiguration wanted)
    {
        ContainerLogDriver usual = LogDriver ?? ContainerLogDriver.File;
        ContainerLogDriver driver = wanted.LogDriver ?? usual;

        // Options of one driver mean nothing to another.
        wanted = wanted with
        {
            LogDriver = driver,
            LogOption = wanted.LogOption ?? (driver == usual ? LogOption : null),
            StopTimeoutSec = wanted.StopTimeoutSec ?? StopTimeoutSec,
        };

        // A bundle says the rest itself.
        return wanted.BundlePath is not null ? wanted : wanted with
        {
            CgroupParent = wanted.CgroupParent ?? CgroupParent, PidsLimit = wanted.PidsLimit ?? PidsLimit,
        };
    }

    /// <summary>The same, if all of it can be used.</summary>
    internal EngineSettings Checked()
    {
        if (StorageRoot is not null and not ['/', ..]) throw Invalid($"The path '{StorageRoot}' is not absolute.");
        if (CgroupParent is not null && (CgroupParent is not ['/', ..] || CgroupParent.Split('/').Contains("..")))
            throw Invalid($"The control group '{CgroupParent}' is not an absolute path.");
        if (PidsLimit is 0 or < -1) throw Invalid($"The limit of {PidsLimit} processes is neither positive nor -1.");
        if (StopTimeoutSec < 0) throw Invalid($"{StopTimeoutSec} is no number of seconds to wait.");
        CheckLog();
        return this;
    }

    // Which driver is meant another file may say.
    private void CheckLog()
    {
        ContainerLogDriver[] drivers = LogDriver is { } one
            ? [one]
            : [ContainerLogDriver.File, ContainerLogDriver.Journald];
        EngineException? problem = null;
        foreach (ContainerLogDriver driver in drivers)
        {
            try
            {
                _ = LogSettings.Read(new ContainerConfiguration { LogDriver = driver, LogOption = LogOption });
                return;
            }
            catch (EngineException failure)
            {
                problem = failure;
            }
        }

        throw problem!;
    }

    private static EngineException Invalid(string message) => new(ErrorId.InvalidConfiguration, message);
}
