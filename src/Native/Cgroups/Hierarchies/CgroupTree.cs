using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Making cgroups.</summary>
internal static class CgroupTree
{
    // Somebody who removes the last cgroup of a parent removes that as well, maybe just before we use it.
    private const int Attempts = 100;

    /// <summary>mkdir with the directories above; one call where those exist.</summary>
    public static Errno Make(CgroupDirectory mount, string path)
    {
        Errno error = mount.Make(path);
        for (int attempt = 0; error == Errno.ENOENT && attempt < Attempts; attempt++)
        {
            error = MakeAll(mount, path);
        }

        return error;
    }

    private static Errno MakeAll(CgroupDirectory mount, string path)
    {
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Errno error = mount.Make(path[..slash]);
            if (error is not (Errno.None or Errno.EEXIST)) return error;
        }

        return mount.Make(path);
    }
}
