using Container.Native.Launch;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Labels of Linux security modules: AppArmor profile and SELinux context, which take effect at execve(2). The file
/// they are written to is opened while the host's /proc is in sight; in the container it could be a forgery
/// (CVE-2019-16884, CVE-2025-52881).
/// </summary>
internal static class LabelCompiler
{
    /// <summary>Opens what is written later; a module that is not there is refused.</summary>
    public static LaunchSlot? Open(LaunchPlan plan, OciProcess process)
    {
        string file;
        string module;
        if (!string.IsNullOrEmpty(process.ApparmorProfile))
        {
            if (process.ApparmorProfile == SecurityModules.Unconfined && !SecurityModules.HasApparmor) return null;
            SecurityModules.RequireApparmor("process.apparmorProfile");
            (file, module) = ("/proc/self/attr/apparmor/exec", "AppArmor");
        }
        else if (!string.IsNullOrEmpty(process.SelinuxLabel))
        {
            SecurityModules.RequireSelinux("process.selinuxLabel");
            (file, module) = ("/proc/self/attr/exec", "SELinux");
        }
        else
        {
            return null;
        }

        LaunchSlot slot = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("label", module, null),
            [FileCalls.AT_FDCWD, plan.Text(file), FileCalls.O_WRONLY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC], slot);
        return slot;
    }

    /// <summary>
    /// linux.mountLabel as the option <c>context</c> of a new file system (mount(8)). The kernel's own have labels of
    /// their own, and an mqueue takes none at mount.
    /// </summary>
    public static MountOptions AddContext(LaunchCompilation c, string type, MountOptions options)
    {
        if (c.Linux.MountLabel is not { } label || type is "proc" or "sysfs" or "mqueue") return options;
        SecurityModules.RequireSelinux("linux.mountLabel");
        return options.WithParameters([.. options.Parameters, ("context", label)]);
    }

    /// <summary>Writes the label for the program that is executed next.</summary>
    public static void Write(LaunchPlan plan, OciProcess process, LaunchSlot? file)
    {
        if (file is not { } slot) return;
        string label = string.IsNullOrEmpty(process.ApparmorProfile)
            ? process.SelinuxLabel!
            : $"exec {process.ApparmorProfile}";
        byte[] text = Utf8.Terminated(label)[..^1];
        plan.Call(
            SystemCallNumber.write, new LaunchStep("label", label, null), [slot, plan.Data<byte>(text), text.Length]);
        plan.Close(slot);
    }
}
