namespace Container.Native.Cgroups.Devices;

/// <summary>BPF_DEVCG_ACC_* of linux/bpf.h.</summary>
[Flags]
internal enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>mknod(2).</summary>
    MakeNode = 1,

    /// <summary>Opening for reading.</summary>
    Read = 2,

    /// <summary>Opening for writing.</summary>
    Write = 4,

    /// <summary>Everything.</summary>
    All = MakeNode | Read | Write,
}
