namespace Container.Native.Security;

/// <summary>
/// System calls that came after libseccomp 2.5 (Debian 12), which does not know their names. Since Linux 5.0 a new call has
/// one number on all architectures (include/uapi/asm-generic/unistd.h), so the number is enough.
/// </summary>
internal static class LaterSystemCalls
{
    private const int First = 451; // Linux 6.5

    private static readonly string[] s_names =
    [
        "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue", "statmount", "listmount",
        "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat", "getxattrat", "listxattrat",
        "removexattrat", "open_tree_attr", "file_getattr", "file_setattr",
    ];

    /// <summary>The number of a call; null for a name that is not here.</summary>
    public static int? Find(string name)
    {
        int index = Array.IndexOf(s_names, name);
        return index < 0 ? null : First + index;
    }
}
