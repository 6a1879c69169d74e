namespace Container.Native.Security;

/// <summary>
/// What of /proc and /sys a container does not get to see or write. These files belong to the whole machine: the user
/// namespace alone does not protect those that the kernel shows to everybody.
/// </summary>
public static class DefaultPaths
{
    /// <summary>
    /// Paths that read as empty: a file is covered by /dev/null, a directory by an empty read-only file system. Paths
    /// that do not exist on the running kernel are passed over.
    /// </summary>
    public static IReadOnlyList<string> Masked { get; } =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts", // timing of keystrokes and of neighbours
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi", // CVE-2017-16539: "scsi remove-single-device" detached the host's disks
        "/proc/timer_list",
        "/proc/timer_stats",
        "/sys/dev/block",
        "/sys/devices/virtual/powercap", // CVE-2020-8694: power consumption leaks keys
        "/sys/firmware",
        "/sys/fs/selinux",
        "/sys/kernel/irq", // what /proc/interrupts tells
        .. Throttling(),
    ];

    /// <summary>Paths that can be read but not written.</summary>
    public static IReadOnlyList<string> ReadOnly { get; } =
    [
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];

    // How hot each processor is: what it computes (moby 28.2 masks it too).
    private static IEnumerable<string> Throttling()
    {
        const string Processors = "/sys/devices/system/cpu";
        string[] all = Directory.Exists(Processors) ? Directory.GetDirectories(Processors, "cpu*") : [];
        Array.Sort(all, StringComparer.Ordinal);
        foreach (string processor in all)
        {
            string path = processor + "/thermal_throttle";
            if (Directory.Exists(path)) yield return path;
        }
    }
}
