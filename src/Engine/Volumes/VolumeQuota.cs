using Container.Engine.Unprivileged;
using Container.Native.Mounts;

namespace Container.Engine.Volumes;

/// <summary>Limits of what a volume can hold: project quotas of the file system, where it has them.</summary>
internal static class VolumeQuota
{
    /// <summary>Gives a directory, and all that will be made in it, a limit.</summary>
    public static void Set(RootDirectory volumes, string path, string name, long size)
    {
        if (UserIds.Current is not null)
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                $"The volume '{name}' cannot have a size: only root may set quotas.",
                "Run as root, or leave -Size out.",
                name);
        }

        using Native.Syscalls.FileDescriptor directory = volumes.OpenDirectory(path);
        if (!ProjectQuota.TrySet(directory, ProjectQuota.ProjectOf(name), size, path))
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                $"The volume '{name}' cannot have a size: the state directory's file system has no project quotas.",
                "Mount an xfs or ext4 file system with the option prjquota at the state directory, or leave -Size out.",
                name);
        }
    }
}
