using System.Text;
using Container.Engine.State;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Features;

namespace Container.Engine.Host;

/// <summary>What <c>psrun features</c> says, and what this host has of it.</summary>
internal static class HostFeatures
{
    // The specification's name of a namespace, and the kernel's.
    private static readonly Dictionary<string, string> NamespaceFiles = new(StringComparer.Ordinal)
    {
        ["mount"] = "mnt", ["network"] = "net",
    };

    public static IReadOnlyList<HostFeature> Run(EnginePaths paths)
    {
        byte[] text = Encoding.UTF8.GetBytes(MonitorProcess.Run(paths, ["features"]));
        OciFeatures features = OciDocument.ReadFeatures(text);
        OciFeaturesLinux linux = features.Linux ?? new OciFeaturesLinux();
        return
        [
            .. (linux.Namespaces ?? []).Select(Namespace),
            .. Named("Capability", linux.Capabilities),
            .. Named("MountOption", features.MountOptions),
            .. Named("Hook", features.Hooks),
            .. Named("SeccompAction", linux.Seccomp?.Actions),
            .. Named("SeccompArchitecture", linux.Seccomp?.Archs),
            .. CgroupHost.Current.GetControllers()
                .Select(name => new HostFeature("Cgroup", name, true, CgroupHost.Mode)),
            Enabled("AppArmor", linux.Apparmor?.Enabled, "/sys/kernel/security/apparmor"),
            Enabled("SELinux", linux.Selinux?.Enabled, "/sys/fs/selinux"),
            Enabled("IntelRdt", linux.IntelRdt?.Enabled, "/sys/fs/resctrl"),
        ];
    }

    private static HostFeature Namespace(string name)
    {
        string path = $"/proc/self/ns/{NamespaceFiles.GetValueOrDefault(name, name)}";
        bool there = File.Exists(path);
        return new HostFeature("Namespace", name, there, there ? path : $"{path} is missing");
    }

    private static IEnumerable<HostFeature> Named(string category, IReadOnlyList<string>? names) =>
        (names ?? []).Select(name => new HostFeature(category, name, true, null));

    private static HostFeature Enabled(string name, bool? isSupported, string path)
    {
        bool there = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
        string detail = isSupported != true ? "not supported by the runtime"
            : there ? path : $"{path} is missing or empty";
        return new HostFeature("Confinement", name, isSupported == true && there, detail);
    }
}
