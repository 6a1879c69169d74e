namespace Container.Engine.Configuration;

public sealed partial record ContainerConfiguration
{
    /// <summary>Host files, directories and temporary filesystems to mount.</summary>
    public IReadOnlyList<ContainerMount>? Mount { get; init; }

    /// <summary>Make the root filesystem read-only; mounts stay as they are.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Bytes of /dev/shm; 64 MB where null.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Options of the root's storage: size, in bytes, is the most that changes can take.</summary>
    public IReadOnlyDictionary<string, string>? StorageOption { get; init; }

    /// <summary>Secrets, as NAME[,type=env][,target=…][,uid=…][,gid=…][,mode=…].</summary>
    public IReadOnlyList<string>? Secret { get; init; }

    /// <summary>Host devices, as HOST[:INSIDE[:rwm]].</summary>
    public IReadOnlyList<string>? Device { get; init; }
}
