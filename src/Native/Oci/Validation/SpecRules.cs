namespace Container.Native.Oci.Validation;

/// <summary>What config.json must say whatever is done with it (config.md).</summary>
internal static class SpecRules
{
    public static void Check(OciSpec spec)
    {
        CheckVersion(spec.OciVersion);
        if (spec.Root is null) throw Problem.Missing("root");
        Problem.RequireText(spec.Root.Path, "root.path");
        if (spec.Process is null) throw Problem.Missing("process");
        ProcessRules.Check(spec.Process, "process.");
        CheckName(spec, spec.Hostname, "hostname");
        CheckName(spec, spec.Domainname, "domainname");
        for (int i = 0; i < (spec.Mounts?.Count ?? 0); i++) CheckMount(spec.Mounts![i], Problem.Item("mounts", i));
        if (spec.Hooks is not null) CheckHooks(spec.Hooks);
        if (spec.Linux is not null) LinuxRules.Check(spec.Linux, spec.Domainname);
    }

    /// <summary>Whether the configuration makes or joins a namespace of this type.</summary>
    public static bool HasNamespace(OciLinux? linux, string type)
    {
        for (int i = 0; i < (linux?.Namespaces?.Count ?? 0); i++)
        {
            if (linux!.Namespaces![i].Type == type) return true;
        }

        return false;
    }

    private static void CheckVersion(string version)
    {
        Problem.RequireText(version, "ociVersion");
        int end = version.AsSpan().IndexOfAny('-', '+');
        if (!Version.TryParse(end < 0 ? version : version.AsSpan(0, end), out Version? parsed) || parsed.Build < 0)
            throw Problem.At("ociVersion", $"'{version}' is not a version");
        if (parsed.Major != 1)
            throw Problem.At("ociVersion", $"'{version}' is not supported, this runtime follows {OciNames.VersionMax}");
    }

    // sethostname(2) and setdomainname(2) would change the host without a namespace of the container's own.
    private static void CheckName(OciSpec spec, string? name, string path)
    {
        if (name is null) return;
        if (!HasNamespace(spec.Linux, "uts")) throw Problem.At(path, "needs a uts namespace");
        if (name.Length > 64) throw Problem.At(path, "is longer than 64 characters");
    }

    private static void CheckMount(OciMount mount, string path)
    {
        Problem.RequireText(mount.Destination, path + ".destination");
        IdMapRules.Check(mount.UidMappings, path + ".uidMappings");
        IdMapRules.Check(mount.GidMappings, path + ".gidMappings");
        if (mount.UidMappings is null != mount.GidMappings is null)
            throw Problem.At(path, "uidMappings and gidMappings must be given together");
    }

    private static void CheckHooks(OciHooks hooks)
    {
        CheckHooks(hooks.Prestart, "hooks.prestart");
        CheckHooks(hooks.CreateRuntime, "hooks.createRuntime");
        CheckHooks(hooks.CreateContainer, "hooks.createContainer");
        CheckHooks(hooks.StartContainer, "hooks.startContainer");
        CheckHooks(hooks.Poststart, "hooks.poststart");
        CheckHooks(hooks.Poststop, "hooks.poststop");
    }

    private static void CheckHooks(IReadOnlyList<OciHook>? hooks, string list)
    {
        for (int i = 0; i < (hooks?.Count ?? 0); i++)
        {
            OciHook hook = hooks![i];
            string path = Problem.Item(list, i);
            Problem.RequireAbsolute(hook.Path, path + ".path");
            ProcessRules.CheckEnvironment(hook.Env, path + ".env");
            if (hook.Timeout <= 0) throw Problem.At(path + ".timeout", $"{hook.Timeout} is not greater than 0");
        }
    }
}
