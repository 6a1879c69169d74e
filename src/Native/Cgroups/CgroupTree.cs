using Container.Native.Syscalls;

namespace Container.Native.Cgroups;

/// <summary>Making cgroups.</summary>
internal static class CgroupTree
{
    /// <summary>mkdir with the directories above; one call where those exist.</summary>
    public static Errno Make(CgroupDirectory mount, string path)
    {
        Errno error = mount.Make(path);
        if (error != Errno.ENOENT) return error;
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            error = mount.Make(path[..slash]);
            if (error is not (Errno.None or Errno.EEXIST)) return error;
        }

        return mount.Make(path);
    }
}
