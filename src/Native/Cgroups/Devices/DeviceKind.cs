namespace Container.Native.Cgroups.Devices;

/// <summary>BPF_DEVCG_DEV_* of linux/bpf.h.</summary>
internal enum DeviceKind
{
    /// <summary>A block device.</summary>
    Block = 1,

    /// <summary>A character device.</summary>
    Character = 2,
}
