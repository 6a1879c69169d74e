using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// A container that mounts its cgroups writable, in namespaces of its own, gets them: "Cgroup ownership" of the runtime
/// specification. A service manager inside then makes cgroups of its units below.
/// </summary>
internal static class CgroupOwner
{
    /// <summary>Comes after the ids are mapped: only then the user has an id of the host.</summary>
    /// <param name="c">The container.</param>
    /// <param name="member">A process that is in its user namespace.</param>
    public static void Give(LaunchCompilation c, int member)
    {
        // Without a cgroup namespace its user would reach his own cgroup from above; without rights over the host's ids
        // it is his already, or not to be had.
        if (c.Options is not { Privileged: true, Cgroup: { Exists: true } cgroup }
            || !c.Namespaces.Has(CloneArguments.CLONE_NEWUSER) || !c.Namespaces.Creates(CloneArguments.CLONE_NEWCGROUP)
            || !MountsWritable(c.Spec.Mounts))
            return;
        cgroup.GiveTo(StreamOwner.HostId(c.Linux, c.Spec.Process!.User.Uid, () => member));
    }

    private static bool MountsWritable(IReadOnlyList<OciMount>? mounts)
    {
        for (int i = 0; mounts is not null && i < mounts.Count; i++)
        {
            if (mounts[i].Type is not ("cgroup" or "cgroup2")) continue;
            if ((MountOptions.Parse(mounts[i].Options).Attributes.Set & Mount.MOUNT_ATTR_RDONLY) == 0) return true;
        }

        return false;
    }
}
