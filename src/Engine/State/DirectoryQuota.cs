using Container.Engine.Errors;
using Container.Native.Files;

namespace Container.Engine.State;

/// <summary>Limits of what a directory can hold: project quotas of the file system, where it has them.</summary>
internal static class DirectoryQuota
{
    /// <summary>Gives directories, and all that will be made in them, one limit.</summary>
    /// <param name="root">The directory that has them; root's own.</param>
    /// <param name="paths">The directories.</param>
    /// <param name="project">What the limit is of; another limit has another name.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="what">The same in words, for who reads the error.</param>
    /// <param name="parameter">What asks for it.</param>
    public static void Set(
        RootDirectory root, IEnumerable<string> paths, string project, long size, string what, string parameter)
    {
        if (UserIds.Current is not null)
        {
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                $"{what} cannot have a size: only root may set quotas.",
                $"Run as root, or leave {parameter} out.",
                project);
        }

        foreach (string path in paths)
        {
            using Native.Syscalls.FileDescriptor directory = root.OpenDirectory(path);
            if (ProjectQuota.TrySet(directory, ProjectQuota.ProjectOf(project), size, path)) continue;
            throw new EngineException(
                ErrorId.KernelFeatureMissing,
                $"{what} cannot have a size: the state directory's file system has no project quotas.",
                "Mount an xfs or ext4 file system with the option prjquota at the state directory, or leave "
                + $"{parameter} out.",
                project);
        }
    }
}
