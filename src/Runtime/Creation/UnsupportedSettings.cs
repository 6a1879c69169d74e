using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Oci.Validation;

namespace Container.Runtime.Creation;

/// <summary>
/// What the specification has and this runtime does not do. It is refused: a container that was promised less access
/// than it gets must not start. <c>features</c> says the same.
/// </summary>
internal static class UnsupportedSettings
{
    /// <summary>The actions of system-call filters that work.</summary>
    public static string[] SeccompActions => Array.FindAll(OciNames.SeccompActions, static a => a != "SCMP_ACT_NOTIFY");

    public static void Refuse(OciSpec spec)
    {
        for (int i = 0; i < (spec.Mounts?.Count ?? 0); i++)
        {
            if (spec.Mounts![i].UidMappings is not null) throw Refusal($"mounts[{i}].uidMappings");
            if (MountOptions.Parse(spec.Mounts[i].Options).IsIdMapped) throw Refusal($"mounts[{i}].options: idmap");
        }

        if (spec.Linux is not { } linux) return;
        if (linux.NetDevices is { Count: > 0 }) throw Refusal("linux.netDevices");
        if (linux.IntelRdt is not null) throw Refusal("linux.intelRdt");
        if (linux.MemoryPolicy is not null) throw Refusal("linux.memoryPolicy");
        if (linux.Personality is not null) throw Refusal("linux.personality");
        if (linux.Seccomp?.ListenerPath is not null) throw Refusal("linux.seccomp.listenerPath");
    }

    private static RuntimeException Refusal(string path) => new($"{path}: not supported by this version of psrun");
}
