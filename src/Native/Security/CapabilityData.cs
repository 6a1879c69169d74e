using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// The arguments of capset(2) in the kernel's layout (_LINUX_CAPABILITY_VERSION_3): plain data that a launch plan can
/// hold and the child of clone can hand over as it is.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityData
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3: the header's first field; the second, the pid, is 0 for itself.</summary>
    public const uint Version = 0x20080522;

    /// <summary>Effective, numbers 0 to 31.</summary>
    public uint EffectiveLow;

    /// <summary>Permitted, numbers 0 to 31.</summary>
    public uint PermittedLow;

    /// <summary>Inheritable, numbers 0 to 31.</summary>
    public uint InheritableLow;

    /// <summary>Effective, numbers 32 to 63.</summary>
    public uint EffectiveHigh;

    /// <summary>Permitted, numbers 32 to 63.</summary>
    public uint PermittedHigh;

    /// <summary>Inheritable, numbers 32 to 63.</summary>
    public uint InheritableHigh;

    /// <summary>The same three sets, in the kernel's layout.</summary>
    public CapabilityData(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
    {
        EffectiveLow = (uint)effective.Bits;
        PermittedLow = (uint)permitted.Bits;
        InheritableLow = (uint)inheritable.Bits;
        EffectiveHigh = (uint)(effective.Bits >> 32);
        PermittedHigh = (uint)(permitted.Bits >> 32);
        InheritableHigh = (uint)(inheritable.Bits >> 32);
    }

    /// <summary>What this thread may do; nothing where the kernel does not say.</summary>
    internal static unsafe CapabilitySet ReadEffective()
    {
        uint* header = stackalloc uint[2];
        header[0] = Version;
        header[1] = 0;
        CapabilityData data;
        return Credentials.capget(header, &data) < 0 ? CapabilitySet.Empty : data.Effective;
    }

    /// <summary>The effective set.</summary>
    public readonly CapabilitySet Effective => new(EffectiveLow | ((ulong)EffectiveHigh << 32));

    /// <summary>The permitted set.</summary>
    public readonly CapabilitySet Permitted => new(PermittedLow | ((ulong)PermittedHigh << 32));

    /// <summary>The inheritable set.</summary>
    public readonly CapabilitySet Inheritable => new(InheritableLow | ((ulong)InheritableHigh << 32));
}
