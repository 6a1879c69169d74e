namespace Container.Engine.Errors;

/// <summary>What to do about a failure where whoever throws has nothing better to say.</summary>
internal static class ErrorAdvice
{
    /// <summary>A sentence for the user; null for what a command says itself and for <see cref="ErrnoAdvice"/>.</summary>
    public static string? Get(string id) => id switch
    {
        ErrorId.ContainerNotFound => "Get-Container lists the containers there are.",
        ErrorId.ImageNotFound => "Get-ContainerImage lists the images there are.",
        ErrorId.VolumeNotFound => "Get-ContainerVolume lists the volumes there are.",
        ErrorId.SecretNotFound => "Get-ContainerSecret lists the secrets there are.",
        ErrorId.ContainerPathNotFound => "Give a path as the container sees it, in a directory that is there.",
        ErrorId.ProcessNotFound => "Get-ContainerProcess lists the processes there are.",
        ErrorId.AmbiguousIdentifier => "Give more digits, or the name.",
        ErrorId.ContainerExists => "Choose another name, or remove the container that has it.",
        ErrorId.ImageExists => "Choose another name, or remove the image that has it.",
        ErrorId.VolumeExists => "Choose another name, or remove the volume that has it.",
        ErrorId.SecretExists => "Choose another name, or remove the secret that has it.",
        ErrorId.PathExists => "Choose another path, or use -Force.",
        ErrorId.ContainerRunning => "Stop it first.",
        ErrorId.ContainerNotRunning => "Start it first.",
        ErrorId.ContainerPaused => "Resume it first.",
        ErrorId.ImageInUse or ErrorId.VolumeInUse or ErrorId.SecretInUse => "Remove the containers first.",
        ErrorId.VolumeNotEmpty => "Use -Force to have the archive replace what it holds.",
        ErrorId.InvalidReference => "Use [REGISTRY/]NAME[:TAG][@DIGEST], the name in lower case.",
        ErrorId.InvalidName =>
            "Use up to 128 letters, digits, dots, dashes and underscores, the first a letter or digit.",
        ErrorId.InvalidMountSpecification => "Get-Help New-ContainerMount says what a mount can be.",
        ErrorId.InvalidConfiguration => "Get-Help New-Container -Parameter * says what each parameter takes.",
        ErrorId.InvalidUser => "Use a user and a group that the image has, or numbers.",
        ErrorId.SpecInvalid => "Test-ContainerSpec says what is wrong with a document.",
        ErrorId.DefinitionInvalid => "Correct the file, or remove it.",
        ErrorId.ArchiveInvalid => "Make the archive again, or get it again from where it came.",
        ErrorId.DigestMismatch => "Get it again: it is not what it was meant to be.",
        ErrorId.HealthCheckMissing => "Give it one with Set-Container -HealthCheck.",
        ErrorId.LogUnavailable => "Make the container with -LogDriver File to have its log read here.",
        ErrorId.JournalUnavailable => "Use -LogDriver File, or see to it that systemd-journald runs.",
        ErrorId.CommandNotFound => "See what the image has; a command without a slash is looked for in PATH.",
        ErrorId.CommandNotExecutable => "See that it may be executed, and is made for this machine.",
        ErrorId.OutOfMemory => "Raise the limit with -Memory.",
        ErrorId.WaitTimeout => "Wait longer with -TimeoutSec.",
        ErrorId.StopTimeout => "A process of it may be held in the kernel, by a device or a network file system.",
        ErrorId.KernelFeatureMissing or ErrorId.RuntimeUnavailable or ErrorId.SubordinateIdsMissing
            or ErrorId.CgroupNotDelegated => "Test-ContainerHost shows what the host lacks.",
        ErrorId.HookFailed => "The hooks are in the bundle's config.json; what the hook printed is part of the message.",
        ErrorId.LimitExceeded => "Ask for less, or raise the limit.",
        ErrorId.StateDirectoryUnusable => "See to the directory's owner and permissions.",
        ErrorId.UntrustedPath =>
            "Give it to root (chown root, chmod go-w), or name a place that is root's with every directory above it.",
        _ => null,
    };
}
