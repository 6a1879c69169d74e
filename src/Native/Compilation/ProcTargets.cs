using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Keeps mounts away from the container's /proc: what stands in the place of its files is taken for the kernel's word,
/// by us when we write labels and settings, and by programs (CVE-2019-16884, CVE-2025-52881).
/// </summary>
internal static class ProcTargets
{
    // Files that tell about the machine; what counts CPUs and memory of a container covers them (runc allows the same).
    private static readonly string[] Coverable =
    [
        "cpuinfo", "diskstats", "loadavg", "meminfo", "net/dev", "slabinfo", "stat", "swaps", "uptime",
        "sys/crypto/fips_enabled", "sys/kernel/ns_last_pid",
    ];

    /// <summary>Refuses to bind something else than a procfs over all of /proc.</summary>
    public static void CheckBind(string destination, string source)
    {
        if (Name(destination) is not "") return;
        using FileDescriptor file = FileCalls.Open(source, FileCalls.O_PATH);
        if (FileSystems.Type(file, source) == FileSystems.PROC_SUPER_MAGIC) return;
        throw new DocumentException("mounts", $"'{source}' cannot be mounted on /proc: it is not a proc file system");
    }

    /// <summary>Adds the test that <paramref name="target"/> is not in the container's /proc.</summary>
    public static void Refuse(LaunchCompilation c, LaunchSlot target, string destination)
    {
        if (c.Proc is null || Array.IndexOf(Coverable, Name(destination)) >= 0) return;
        c.Plan.Add(OperationKind.RefuseProc, new LaunchStep("verify-not-proc", destination, null), [target]);
    }

    // What comes after /proc: "" for /proc itself, null for everything else.
    private static string? Name(string destination)
    {
        string[] parts = destination.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["proc", .. string[] rest] ? string.Join('/', rest) : null;
    }
}
