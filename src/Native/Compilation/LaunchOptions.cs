using Container.Native.Cgroups;
using Container.Native.Launch;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>What a launch needs beside the OCI document.</summary>
internal sealed record LaunchOptions
{
    /// <summary>The container's id; names its session keyring.</summary>
    public string Id { get; init; } = "";

    /// <summary>The bundle's directory: relative paths of the document start here.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>The root file system comes as a descriptor with the release, not from <c>root.path</c>.</summary>
    public bool RootFromParent { get; init; }

    /// <summary>
    /// This process may mount in its own namespace, so it opens bind sources itself: container root could not walk
    /// there once it has other ids. Otherwise the child opens them by name.
    /// </summary>
    public bool Privileged { get; init; } = Users.geteuid() == 0;

    /// <summary>The container's cgroup, for mounts of type <c>cgroup</c>; null where cgroups are not used.</summary>
    public CgroupManager? Cgroup { get; init; }

    /// <summary>A listening socket: the container is created and waits for a connection to start.</summary>
    public FileDescriptor? StartSocket { get; init; }

    /// <summary>Descriptors for 0, 1 and 2; null leaves the caller's.</summary>
    public IReadOnlyList<int>? StandardStreams { get; init; }

    /// <summary>The file to execute, where it is not the first argument.</summary>
    public string? Executable { get; init; }

    /// <summary>What the program writes to its terminal is for no terminal: ends of lines stay as they are.</summary>
    public bool PlainNewlines { get; init; }

    /// <summary>The environment is complete: nothing is added to it.</summary>
    public bool ExactEnvironment { get; init; }

    /// <summary>How many descriptors from 3 on the container keeps.</summary>
    public int PreserveFds { get; init; }

    /// <summary>Use chroot(2) instead of pivot_root(2), for a root on a ramdisk.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Stay in the caller's session keyring.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>Stay in the caller's supplementary groups.</summary>
    public bool KeepGroups { get; init; }

    /// <summary>The container's first process ends when the process that launched it does.</summary>
    public bool DieWithParent { get; init; }

    /// <summary>The container's first process is one of ours, which forwards signals and reaps.</summary>
    public bool Init { get; init; }

    /// <summary>The compiled filter, for a caller that has it; null gets it from the document.</summary>
    public SeccompProgram? Filter { get; init; }

    /// <summary>
    /// Runs the createContainer and startContainer hooks when the plan comes to them; null passes them over.
    /// </summary>
    public Action<LaunchedProcess, HookPoint>? Hooks { get; init; }

    /// <summary>Takes the descriptor of a filter with SCMP_ACT_NOTIFY to who answers the system calls.</summary>
    public Action<LaunchedProcess, FileDescriptor>? Listener { get; init; }

    /// <summary>Where compiled filters are kept; null compiles anew each time.</summary>
    public string? SeccompCache { get; init; }

    /// <summary>
    /// The program is executed by way of another one, so that it cannot have the kernel execute us:
    /// <see cref="Security.SelfExecutable.Protect"/> says when.
    /// </summary>
    public bool HideExecutable { get; init; }

    /// <summary>Resolve paths without openat2(2), as on kernels before 5.6.</summary>
    public bool ForceWalk { get; init; }
}
