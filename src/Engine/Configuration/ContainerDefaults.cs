using Container.Engine.Cgroups;

namespace Container.Engine.Configuration;

/// <summary>What holds of a container where neither its configuration nor the configuration files say anything.</summary>
internal static class ContainerDefaults
{
    /// <summary>How many processes it may have.</summary>
    public const long PidsLimit = 2048;

    /// <summary>How many user and group ids it has.</summary>
    public const uint IdRangeLength = 65536;

    /// <summary>Seconds from its stop signal to SIGKILL.</summary>
    public const int StopTimeoutSec = 10;

    /// <summary>The control group that its own is made in.</summary>
    public static string CgroupParent => CgroupAccess.Current?.Parent ?? "/pscontainer";
}
