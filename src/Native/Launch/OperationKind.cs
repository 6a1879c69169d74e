namespace Container.Native.Launch;

/// <summary>What <see cref="LaunchRunner"/> can do. Most of a plan is <see cref="Call"/>.</summary>
internal enum OperationKind
{
    /// <summary>One system call; an argument may be a slot.</summary>
    Call,

    /// <summary>Open B(path) inside the root A with C(flags), D(mode); E forces the walk without openat2.</summary>
    OpenInRoot,

    /// <summary>mkdir -p of B(path) inside the root A with C(mode); E as above.</summary>
    MakeDirectories,

    /// <summary>An empty file C(name) in B(parent) inside the root A, for a mount to cover; E as above.</summary>
    MakeFile,

    /// <summary>
    /// Open B(path) inside the root A for the mount F to cover, a directory or a file as that is; it is made where it is
    /// missing, the file as D(name) in C(parent); E as above.
    /// </summary>
    OpenTarget,

    /// <summary>Make B(name) in directory A for the mount C to cover, a directory or a file as that is.</summary>
    MakeTarget,

    /// <summary>
    /// Hide A: a read-only bind of B(/dev/null), kept in slot C, over a file, an empty tmpfs, kept in slot D, over a directory.
    /// </summary>
    Mask,

    /// <summary>Give the root of mount B the permissions of directory A, if there is one.</summary>
    CopyMode,

    /// <summary>Copy what is in directory A to the root of mount B.</summary>
    CopyUp,

    /// <summary>Go on only if descriptor A is the device with major B and minor C, of the type D of S_IFMT.</summary>
    RequireDevice,

    /// <summary>Standard streams that are the host's /dev/null become A(path), the container's.</summary>
    ReplaceNull,

    /// <summary>Go on only if descriptor A is not on a proc file system.</summary>
    RefuseProc,

    /// <summary>Block until the parent releases us; the C descriptors it sends go to the slots from B on.</summary>
    WaitForParent,

    /// <summary>Tell the parent A(code), with the descriptor B where that is not negative.</summary>
    Notify,

    /// <summary>Every signal to its default action and none blocked: SIG_IGN and the mask survive execve(2).</summary>
    ResetSignals,

    /// <summary>Drop every capability from the bounding set that the bits A do not keep; B is the last there is.</summary>
    DropBounding,

    /// <summary>Raise the ambient capabilities of the bits A; B is the last there is.</summary>
    RaiseAmbient,

    /// <summary>Write the home of user C by the file B in the root A to D, which takes E bytes; F forces the walk.</summary>
    FindHome,

    /// <summary>Choose the first executable of A(candidates), B(count).</summary>
    FindExecutable,

    /// <summary>Block until somebody connects to the listening socket A; from then on failures go to them. A signal that
    /// descriptor B gives ends us.</summary>
    AwaitStart,

    /// <summary>Make user A the owner of those of the streams 0, 1 and 2 that are pipes without a name.</summary>
    OwnStreams,

    /// <summary>Take D from the output modes of the terminal A, which ioctl(2) reads with B and sets with C.</summary>
    ClearOutputFlag,

    /// <summary>Close every descriptor from A on, except those in slots and the socket to the parent; where C is not 0,
    /// of the slots only the C that B lists.</summary>
    CloseOthers,

    /// <summary>clone3(2) with A(flags) as a sibling; the first process ends.</summary>
    Fork,

    /// <summary>Hand the descriptor A, on which a supervisor answers system calls, to the parent.</summary>
    HandOverListener,

    /// <summary>Keep the socket to the parent open across execve(2), as descriptor A.</summary>
    KeepChannel,

    /// <summary>Become two: one goes on; this one forwards signals to it and reaps. A: it has a terminal; B, C: our command
    /// line, to be wiped.</summary>
    Init,

    /// <summary>execve(2) of what was found, with A(argv) and B(envp).</summary>
    Execute,

    /// <summary>The same by way of the program C, which takes the path in the free first place of A(argv).</summary>
    ExecuteThrough,
}
