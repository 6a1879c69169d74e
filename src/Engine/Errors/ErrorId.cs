namespace Container.Engine.Errors;

/// <summary>The stable identifiers of everything the engine reports; never localised, never renamed.</summary>
public static class ErrorId
{
    /// <summary>No container has this name or id.</summary>
    public const string ContainerNotFound = nameof(ContainerNotFound);

    /// <summary>No image has this reference or id.</summary>
    public const string ImageNotFound = nameof(ImageNotFound);

    /// <summary>No volume has this name.</summary>
    public const string VolumeNotFound = nameof(VolumeNotFound);

    /// <summary>No secret has this name.</summary>
    public const string SecretNotFound = nameof(SecretNotFound);

    /// <summary>An id prefix matches several objects.</summary>
    public const string AmbiguousIdentifier = nameof(AmbiguousIdentifier);

    /// <summary>The container's name is taken.</summary>
    public const string ContainerExists = nameof(ContainerExists);

    /// <summary>The image's reference is taken.</summary>
    public const string ImageExists = nameof(ImageExists);

    /// <summary>The volume's name is taken.</summary>
    public const string VolumeExists = nameof(VolumeExists);

    /// <summary>The secret's name is taken.</summary>
    public const string SecretExists = nameof(SecretExists);

    /// <summary>A file is there already.</summary>
    public const string PathExists = nameof(PathExists);

    /// <summary>The operation needs a container that does not run.</summary>
    public const string ContainerRunning = nameof(ContainerRunning);

    /// <summary>The operation needs a container that runs.</summary>
    public const string ContainerNotRunning = nameof(ContainerNotRunning);

    /// <summary>The operation needs a container that is not paused.</summary>
    public const string ContainerPaused = nameof(ContainerPaused);

    /// <summary>A container uses the image.</summary>
    public const string ImageInUse = nameof(ImageInUse);

    /// <summary>A container uses the volume.</summary>
    public const string VolumeInUse = nameof(VolumeInUse);

    /// <summary>A container uses the secret.</summary>
    public const string SecretInUse = nameof(SecretInUse);

    /// <summary>The operation needs a volume that holds nothing.</summary>
    public const string VolumeNotEmpty = nameof(VolumeNotEmpty);

    /// <summary>An image reference that cannot be parsed.</summary>
    public const string InvalidReference = nameof(InvalidReference);

    /// <summary>A container name that cannot be used.</summary>
    public const string InvalidName = nameof(InvalidName);

    /// <summary>A mount that cannot be used as written.</summary>
    public const string InvalidMountSpecification = nameof(InvalidMountSpecification);

    /// <summary>The container has no such file.</summary>
    public const string ContainerPathNotFound = nameof(ContainerPathNotFound);

    /// <summary>A value of the container's configuration that cannot be used.</summary>
    public const string InvalidConfiguration = nameof(InvalidConfiguration);

    /// <summary>A user or group that the image does not know, or that is no number in range.</summary>
    public const string InvalidUser = nameof(InvalidUser);

    /// <summary>A document (config.json, container.json, image configuration) that is malformed.</summary>
    public const string SpecInvalid = nameof(SpecInvalid);

    /// <summary>A configuration file of the host's or the user's that cannot be used.</summary>
    public const string DefinitionInvalid = nameof(DefinitionInvalid);

    /// <summary>An archive that cannot be unpacked.</summary>
    public const string ArchiveInvalid = nameof(ArchiveInvalid);

    /// <summary>Content that is not what its digest says.</summary>
    public const string DigestMismatch = nameof(DigestMismatch);

    /// <summary>The container has no such process.</summary>
    public const string ProcessNotFound = nameof(ProcessNotFound);

    /// <summary>The container has no health check.</summary>
    public const string HealthCheckMissing = nameof(HealthCheckMissing);

    /// <summary>What the container writes is not kept where it could be read.</summary>
    public const string LogUnavailable = nameof(LogUnavailable);

    /// <summary>systemd's journal, or its program journalctl, is not there.</summary>
    public const string JournalUnavailable = nameof(JournalUnavailable);

    /// <summary>A command ended with a status other than zero.</summary>
    public const string CommandFailed = nameof(CommandFailed);

    /// <summary>The container has no such command (exit code 127).</summary>
    public const string CommandNotFound = nameof(CommandNotFound);

    /// <summary>The command cannot be executed (exit code 126).</summary>
    public const string CommandNotExecutable = nameof(CommandNotExecutable);

    /// <summary>The kernel killed the container for want of memory.</summary>
    public const string OutOfMemory = nameof(OutOfMemory);

    /// <summary>What was waited for did not happen in time.</summary>
    public const string WaitTimeout = nameof(WaitTimeout);

    /// <summary>The container did not end in time.</summary>
    public const string StopTimeout = nameof(StopTimeout);

    /// <summary>A hook of the container's OCI document has failed.</summary>
    public const string HookFailed = nameof(HookFailed);

    /// <summary>The kernel, a library or a program the operation needs is missing.</summary>
    public const string KernelFeatureMissing = nameof(KernelFeatureMissing);

    /// <summary>psrun, the runtime, is missing or does not answer.</summary>
    public const string RuntimeUnavailable = nameof(RuntimeUnavailable);

    /// <summary>A file's owner is none of the ids that the user's containers can have.</summary>
    public const string SubordinateIdsMissing = nameof(SubordinateIdsMissing);

    /// <summary>A limit needs a control group that this user may not make.</summary>
    public const string CgroupNotDelegated = nameof(CgroupNotDelegated);

    /// <summary>A limit of the engine or the host is reached.</summary>
    public const string LimitExceeded = nameof(LimitExceeded);

    /// <summary>The directory of the engine's state cannot be used.</summary>
    public const string StateDirectoryUnusable = nameof(StateDirectoryUnusable);

    /// <summary>Another user can change what root would have to believe.</summary>
    public const string UntrustedPath = nameof(UntrustedPath);

    /// <summary>A system call failed; the message names it.</summary>
    public const string SystemCallFailed = nameof(SystemCallFailed);
}
