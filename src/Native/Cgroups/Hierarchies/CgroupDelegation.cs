using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Giving a cgroup to a user: "Cgroup ownership" of the runtime specification.</summary>
internal static class CgroupDelegation
{
    private const string ListFile = "/sys/kernel/cgroup/delegate";
    private static readonly string[] Fallback = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];
    private static readonly string[] Named = ["", "cgroup.procs", "tasks"];

    /// <summary>
    /// Changes the owner of the directory and of the files that the kernel lists as safe to give away; the files of the
    /// limits stay ours.
    /// </summary>
    public static void Give(CgroupDirectory directory, uint uid)
    {
        // Of memory cgroups the whole machine has 65,535. These files stay ours.
        _ = directory.TryWrite("cgroup.max.descendants", "2048");
        _ = directory.TryWrite("cgroup.max.depth", "32");
        Change(directory, "", uid);
        foreach (string file in Delegated())
        {
            if (!file.Contains('/', StringComparison.Ordinal)) Change(directory, file, uid);
        }
    }

    /// <summary>
    /// The same for a v1 hierarchy without controllers: it limits nothing, so that who may move processes in it gains
    /// nothing by that.
    /// </summary>
    public static void GiveNamed(CgroupDirectory directory, uint uid)
    {
        foreach (string file in Named) Change(directory, file, uid);
    }

    private static void Change(CgroupDirectory directory, string file, uint uid)
    {
        const uint unchanged = uint.MaxValue;
        int flags = FileCalls.AT_EMPTY_PATH | FileCalls.AT_SYMLINK_NOFOLLOW;
        if (FileCalls.fchownat(directory.Descriptor.Number, file, uid, unchanged, flags) == 0) return;
        if (Marshal.GetLastPInvokeError() == (int)Errno.ENOENT) return;
        throw SystemCallException.Last("chown", $"{directory.Path}/{file}");
    }

    private static string[] Delegated()
    {
        try
        {
            using FileDescriptor file = FileCalls.Open(ListFile, FileCalls.O_RDONLY);
            string text = Encoding.ASCII.GetString(FileCalls.ReadAll(file, 64 * 1024, ListFile));
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (SystemCallException error) when (error.Errno == Errno.ENOENT)
        {
            return Fallback;
        }
    }
}
