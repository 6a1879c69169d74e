using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The cpuset controller of cgroup v1.</summary>
internal static class LegacyCpuset
{
    private const string Name = "cpuset";
    private static readonly string[] Files = ["cpuset.cpus", "cpuset.mems"];

    /// <summary>
    /// Fills a new cpuset, and those above it that are empty, from its parent: it begins with no processors and no
    /// memory nodes, and no process can enter it so (ENOSPC).
    /// </summary>
    public static void Inherit(CgroupDirectory mount, string path)
    {
        foreach (string file in Files) Fill(mount, path, file);
    }

    public static void Apply(CgroupDirectory directory, OciCpu cpu)
    {
        if (!string.IsNullOrEmpty(cpu.Cpus)) CgroupControl.Set(directory, Name, "cpuset.cpus", cpu.Cpus);
        if (!string.IsNullOrEmpty(cpu.Mems)) CgroupControl.Set(directory, Name, "cpuset.mems", cpu.Mems);
    }

    private static string Fill(CgroupDirectory mount, string path, string file)
    {
        string own = Read(mount, path, file);
        if (own.Length > 0 || path.Length == 0) return own;
        string parent = Fill(mount, path[..Math.Max(path.LastIndexOf('/'), 0)], file);
        CgroupControl.Set(mount, Name, $"{path}/{file}", parent);
        return parent;
    }

    private static string Read(CgroupDirectory mount, string path, string file) =>
        (mount.TryRead(path.Length == 0 ? file : $"{path}/{file}") ?? "").Trim();
}
