namespace Container.Native.Oci.Validation;

/// <summary>What a system-call filter must say (config-linux.md, "Seccomp").</summary>
internal static class SeccompRules
{
    public static void Check(OciSeccomp seccomp, string path)
    {
        Problem.RequireKnown(seccomp.DefaultAction, path + ".defaultAction", OciNames.SeccompActions);
        Problem.RequireKnown(seccomp.Architectures, path + ".architectures", OciNames.SeccompArchitectures);
        Problem.RequireKnown(seccomp.Flags, path + ".flags", OciNames.SeccompFlags);
        if (seccomp.DefaultAction == "SCMP_ACT_NOTIFY")
            throw Problem.At(path + ".defaultAction", "SCMP_ACT_NOTIFY would stop the container before it starts");
        if (seccomp.ListenerPath is not null) Problem.RequireAbsolute(seccomp.ListenerPath, path + ".listenerPath");
        if (seccomp.ListenerMetadata is not null && seccomp.ListenerPath is null)
            throw Problem.At(path + ".listenerMetadata", "needs listenerPath");
        for (int i = 0; i < (seccomp.Syscalls?.Count ?? 0); i++)
        {
            CheckRule(seccomp.Syscalls![i], seccomp.ListenerPath, Problem.Item(path + ".syscalls", i));
        }
    }

    private static void CheckRule(OciSyscall rule, string? listener, string path)
    {
        if (rule.Names is null) throw Problem.Missing(path + ".names");
        if (rule.Names.Count == 0) throw Problem.Empty(path + ".names");
        Problem.RequireKnown(rule.Action, path + ".action", OciNames.SeccompActions);
        if (rule.Action == "SCMP_ACT_NOTIFY" && listener is null)
            throw Problem.At(path + ".action", "SCMP_ACT_NOTIFY needs listenerPath");
        for (int i = 0; i < rule.Names.Count; i++)
        {
            if (rule.Names[i].Length == 0) throw Problem.Empty(Problem.Item(path + ".names", i));

            // The launch itself still writes its status after the filter is in force.
            if (rule.Action == "SCMP_ACT_NOTIFY" && rule.Names[i] == "write")
                throw Problem.At(Problem.Item(path + ".names", i), "SCMP_ACT_NOTIFY cannot be used for the write syscall");
        }

        for (int i = 0; i < (rule.Args?.Count ?? 0); i++)
        {
            string argument = Problem.Item(path + ".args", i);
            Problem.RequireRange(rule.Args![i].Index, 0, 5, argument + ".index");
            Problem.RequireKnown(rule.Args[i].Op, argument + ".op", OciNames.SeccompOperators);
        }
    }
}
