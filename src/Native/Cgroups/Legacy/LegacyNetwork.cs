using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The controllers net_cls and net_prio, which only cgroup v1 has.</summary>
internal static class LegacyNetwork
{
    public static void SetClass(CgroupDirectory directory, uint classId) =>
        CgroupControl.Set(directory, "net_cls", "net_cls.classid", classId.ToString(CultureInfo.InvariantCulture));

    public static void SetPriorities(CgroupDirectory directory, IReadOnlyList<OciInterfacePriority> priorities)
    {
        for (int i = 0; i < priorities.Count; i++)
        {
            CgroupControl.Set(
                directory, "net_prio", "net_prio.ifpriomap", $"{priorities[i].Name} {priorities[i].Priority}");
        }
    }
}
