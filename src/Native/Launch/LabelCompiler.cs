using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Labels of Linux security modules: AppArmor profile and SELinux context, which take effect at execve(2). The file
/// they are written to is opened while the host's /proc is in sight; in the container it could be a forgery
/// (CVE-2019-16884, CVE-2025-52881).
/// </summary>
internal static class LabelCompiler
{
    /// <summary>Opens what is written later; without the module the plan fails here.</summary>
    public static LaunchSlot? Open(LaunchPlan plan, OciProcess process)
    {
        (string file, string module) = !string.IsNullOrEmpty(process.ApparmorProfile)
            ? ("/proc/self/attr/apparmor/exec", "AppArmor")
            : !string.IsNullOrEmpty(process.SelinuxLabel) ? ("/proc/self/attr/exec", "SELinux") : ("", "");
        if (file.Length == 0) return null;

        LaunchSlot slot = plan.AddSlot();
        plan.Call(
            SystemCallNumber.openat, new LaunchStep("label", module, null),
            [Files.AT_FDCWD, plan.Text(file), Files.O_WRONLY | Files.O_NOFOLLOW | Files.O_CLOEXEC], slot);
        return slot;
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
