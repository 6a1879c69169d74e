namespace Container.Native.Cgroups.Hierarchies;

/// <summary>A cgroup that cannot be what was asked: the limit, file or controller is named in the message.</summary>
public sealed class CgroupException : Exception
{
    /// <summary>Says that <paramref name="controller"/> (or its <paramref name="file"/>) fails us and why.</summary>
    /// <param name="controller">The controller, or null where the failure is not one controller's.</param>
    /// <param name="file">The file in the cgroup's directory, or null.</param>
    /// <param name="message">What failed, why, and where there is one, what helps.</param>
    /// <param name="inner">The system call that failed.</param>
    public CgroupException(string? controller, string? file, string message, Exception? inner = null)
        : base(message, inner)
    {
        Controller = controller;
        File = file;
    }

    /// <summary>The controller, or null where the failure is not one controller's.</summary>
    public string? Controller { get; }

    /// <summary>The file in the cgroup's directory, or null.</summary>
    public string? File { get; }
}
