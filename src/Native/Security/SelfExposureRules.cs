using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>Decides which case of <see cref="SelfExecutable"/> a launch is.</summary>
internal static class SelfExposureRules
{
    private const uint GroupMayWrite = 0x10;
    private const uint OthersMayWrite = 0x2;

    public static SelfExposure Judge(
        OciSpec spec, OciProcess process, bool entersRunning, uint uid, uint gid, uint mode)
    {
        OciNamespace? user = Find(spec, "user");
        if (user is not null && !IsWithinReach(spec.Linux!, uid, gid, mode)) return SelfExposure.None;

        bool canLookInside = CanLookAtHost(spec) && (entersRunning || SharesProcesses(spec));

        // A label would go to the trampoline, whose execution no policy allows.
        bool canGoThrough = ExecTrampoline.IsSupported && !HasLabel(process) && Allows(spec.Linux?.Seccomp);
        return canLookInside || !canGoThrough ? SelfExposure.Full : SelfExposure.OnExecute;
    }

    /// <summary>
    /// Whether the container's processes may trace processes of the host that they see. With a user namespace no
    /// capability counts outside it (ptrace(2)), and ours are undumpable.
    /// </summary>
    public static bool CanLookAtHost(OciSpec spec) => Find(spec, "user") is null && MayTrace(spec);

    /// <summary>Whether a security module gives the process a label at its next execve(2).</summary>
    public static bool HasLabel(OciProcess process) =>
        !string.IsNullOrEmpty(process.ApparmorProfile) || !string.IsNullOrEmpty(process.SelinuxLabel);

    // A namespace that is joined may come without its mapping: then the file counts as reachable.
    private static bool IsWithinReach(OciLinux linux, uint uid, uint gid, uint mode) =>
        (mode & OthersMayWrite) != 0
        || linux.UidMappings is not { Count: > 0 }
        || Maps(linux.UidMappings, uid)
        || ((mode & GroupMayWrite) != 0 && Maps(linux.GidMappings, gid));

    private static bool Maps(IReadOnlyList<OciIdMapping>? mappings, uint id)
    {
        for (int index = 0; mappings is not null && index < mappings.Count; index++)
        {
            OciIdMapping mapping = mappings[index];
            if (id >= mapping.HostId && id - mapping.HostId < mapping.Size) return true;
        }

        return false;
    }

    // What the container's first process may have at most; processes of other containers may have more.
    private static bool MayTrace(OciSpec spec)
    {
        if (Find(spec, "pid") is { Path: not null }) return true;
        IReadOnlyList<string>? bounding = spec.Process?.Capabilities?.Bounding;
        for (int index = 0; bounding is not null && index < bounding.Count; index++)
        {
            if (bounding[index] == "CAP_SYS_PTRACE") return true;
        }

        return false;
    }

    private static bool SharesProcesses(OciSpec spec) => Find(spec, "pid") is null or { Path: not null };

    private static bool Allows(OciSeccomp? filter)
    {
        if (filter is null || filter.DefaultAction is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG") return true;
        foreach (string call in ExecTrampoline.SystemCalls)
        {
            if (!Allows(filter, call)) return false;
        }

        return true;
    }

    private static bool Allows(OciSeccomp filter, string call)
    {
        for (int index = 0; index < (filter.Syscalls?.Count ?? 0); index++)
        {
            OciSyscall rule = filter.Syscalls![index];
            bool always = rule.Action == "SCMP_ACT_ALLOW" && rule.Args is not { Count: > 0 };
            if (always && rule.Names.Has(call)) return true;
        }

        return false;
    }

    private static OciNamespace? Find(OciSpec spec, string type)
    {
        IReadOnlyList<OciNamespace>? namespaces = spec.Linux?.Namespaces;
        for (int index = 0; namespaces is not null && index < namespaces.Count; index++)
        {
            if (namespaces[index].Type == type) return namespaces[index];
        }

        return null;
    }
}
