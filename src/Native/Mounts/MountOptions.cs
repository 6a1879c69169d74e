using Container.Native.Syscalls;

namespace Container.Native.Mounts;

/// <summary>
/// The options of an OCI mount, sorted by what the kernel takes them for: attributes of the mount, its propagation,
/// and parameters of the file system (runtime-spec, config.md and config-linux.md, Mounts; mount(8)).
/// </summary>
internal sealed class MountOptions
{
    private List<(string Key, string? Value)> parameters = [];

    /// <summary>The options that are not passed on to the file system.</summary>
    public static string[] Known =>
    [
        "async", "atime", "bind", "copy-symlink", "defaults", "dest-nofollow", "dev", "diratime", "dirsync", "exec",
        "idmap", "iversion", "lazytime", "loud", "mand", "noatime", "nodev", "nodiratime", "noexec", "noiversion",
        "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind",
        "rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec",
        "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw",
        "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave",
        "src-nofollow", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
    ];

    private Mount.Attributes once;
    private Mount.Attributes recursive;

    private MountOptions()
    {
    }

    /// <summary>Attributes of the mount alone.</summary>
    public Mount.Attributes Attributes => once;

    /// <summary>Attributes of the mount and of all below it: <c>rro</c>, <c>rnosuid</c> and their like.</summary>
    public Mount.Attributes RecursiveAttributes => recursive;

    /// <summary>MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE, or 0.</summary>
    public ulong Propagation { get; private set; }

    /// <summary>Whether <see cref="Propagation"/> goes for all mounts below too.</summary>
    public bool PropagatesRecursively { get; private set; }

    /// <summary>The mount shows a directory or file that exists: <c>bind</c> or <c>rbind</c>.</summary>
    public bool IsBind { get; private set; }

    /// <summary>The mounts below the source come along: <c>rbind</c>.</summary>
    public bool IsRecursiveBind { get; private set; }

    /// <summary>What the root has at the target is copied into the new file system: <c>tmpcopyup</c>.</summary>
    public bool CopiesUp { get; private set; }

    /// <summary>The mount maps ids: <c>idmap</c> or <c>ridmap</c>.</summary>
    public bool IsIdMapped { get; private set; }

    /// <summary>The id mapping goes for all mounts below too: <c>ridmap</c>.</summary>
    public bool IsRecursiveIdMap { get; private set; }

    /// <summary>The mapping itself, where the option has one: <c>idmap=uids=0-1000-1;gids=0-1000-1</c>.</summary>
    public string? IdMap { get; private set; }

    /// <summary>A source that is a link is bound itself, not what it leads to: <c>src-nofollow</c>.</summary>
    public bool KeepsSourceLink { get; private set; }

    /// <summary>A destination that is a link is covered itself: <c>dest-nofollow</c>.</summary>
    public bool KeepsTargetLink { get; private set; }

    /// <summary>A source that is a link is made anew in the container: <c>copy-symlink</c>.</summary>
    public bool CopiesLink { get; private set; }

    /// <summary>What is left for fsconfig(2): a flag has no value.</summary>
    public IReadOnlyList<(string Key, string? Value)> Parameters => parameters;

    /// <summary>Sorts <paramref name="options"/>; one that is not known is the file system's.</summary>
    public static MountOptions Parse(IReadOnlyList<string>? options)
    {
        MountOptions result = new();
        for (int i = 0; options is not null && i < options.Count; i++)
        {
            result.Add(options[i]);
        }

        return result;
    }

    /// <summary>The same attributes with other parameters for the file system.</summary>
    public MountOptions WithParameters(IReadOnlyList<(string Key, string? Value)> replacement)
    {
        MountOptions result = (MountOptions)MemberwiseClone();
        result.parameters = [.. replacement];
        return result;
    }

    private void Add(string option)
    {
        if (AddAttribute(option, ref once)) return;
        if (option.StartsWith('r') && AddAttribute(option[1..], ref recursive)) return;
        if (AddPropagation(option) || AddBehaviour(option)) return;

        int equals = option.IndexOf('=', StringComparison.Ordinal);
        parameters.Add(equals < 0 ? (option, null) : (option[..equals], option[(equals + 1)..]));
    }

    private static bool AddAttribute(string option, ref Mount.Attributes target)
    {
        (ulong set, ulong clear) = option switch
        {
            "ro" => (Mount.MOUNT_ATTR_RDONLY, 0UL),
            "rw" => (0UL, Mount.MOUNT_ATTR_RDONLY),
            "nosuid" => (Mount.MOUNT_ATTR_NOSUID, 0UL),
            "suid" => (0UL, Mount.MOUNT_ATTR_NOSUID),
            "nodev" => (Mount.MOUNT_ATTR_NODEV, 0UL),
            "dev" => (0UL, Mount.MOUNT_ATTR_NODEV),
            "noexec" => (Mount.MOUNT_ATTR_NOEXEC, 0UL),
            "exec" => (0UL, Mount.MOUNT_ATTR_NOEXEC),
            "nodiratime" => (Mount.MOUNT_ATTR_NODIRATIME, 0UL),
            "diratime" => (0UL, Mount.MOUNT_ATTR_NODIRATIME),
            "nosymfollow" => (Mount.MOUNT_ATTR_NOSYMFOLLOW, 0UL),
            "symfollow" => (0UL, Mount.MOUNT_ATTR_NOSYMFOLLOW),

            // The access-time modes are one field: the kernel wants it cleared when it is set.
            "noatime" => (Mount.MOUNT_ATTR_NOATIME, Mount.MOUNT_ATTR__ATIME),
            "strictatime" => (Mount.MOUNT_ATTR_STRICTATIME, Mount.MOUNT_ATTR__ATIME),
            "relatime" or "atime" or "norelatime" or "nostrictatime" =>
                (Mount.MOUNT_ATTR_RELATIME, Mount.MOUNT_ATTR__ATIME),
            _ => (0UL, 0UL),
        };
        if ((set | clear) == 0) return false;

        target.Set = (target.Set & ~clear) | set;
        target.Clear = (target.Clear | clear) & ~(set & ~Mount.MOUNT_ATTR__ATIME);
        return true;
    }

    private bool AddPropagation(string option)
    {
        bool every = option.StartsWith('r');
        ulong propagation = (every ? option[1..] : option) switch
        {
            "shared" => Mount.MS_SHARED,
            "slave" => Mount.MS_SLAVE,
            "private" => Mount.MS_PRIVATE,
            "unbindable" => Mount.MS_UNBINDABLE,
            _ => 0,
        };
        if (propagation == 0) return false;

        (Propagation, PropagatesRecursively) = (propagation, every);
        return true;
    }

    private bool AddBehaviour(string option)
    {
        switch (option)
        {
            case "bind":
                IsBind = true;
                return true;
            case "rbind":
                IsBind = IsRecursiveBind = true;
                return true;
            case "tmpcopyup":
                CopiesUp = true;
                return true;
            case "idmap":
                IsIdMapped = true;
                return true;
            case "ridmap":
                IsIdMapped = IsRecursiveIdMap = true;
                return true;
            case "src-nofollow":
                KeepsSourceLink = true;
                return true;
            case "dest-nofollow":
                KeepsTargetLink = true;
                return true;
            case "copy-symlink":
                CopiesLink = true;
                return true;
            case "defaults" or "remount" or "nomand" or "mand" or "loud" or "silent" or "async" or "iversion"
                or "noiversion":
                // Defaults, or flags that the kernel ignores today (mount(2), NOTES). The others that are of the file
                // system and not of the mount, such as sync, fsconfig(2) knows by their names.
                return true;
            default:
                return AddIdMap(option);
        }
    }

    private bool AddIdMap(string option)
    {
        bool every = option.StartsWith("ridmap=", StringComparison.Ordinal);
        if (!every && !option.StartsWith("idmap=", StringComparison.Ordinal)) return false;
        (IsIdMapped, IsRecursiveIdMap) = (true, every);
        IdMap = option[(option.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return true;
    }
}
