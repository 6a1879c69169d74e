using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>What this kernel's seccomp(2) has.</summary>
internal static class SeccompKernel
{
    private const int SECCOMP_SET_MODE_FILTER = 1;

    /// <summary>
    /// The flags it takes. It checks them before it looks at the filter: without one the answer to a flag it knows is
    /// EFAULT, to another EINVAL.
    /// </summary>
    public static IReadOnlyList<string> SupportedFlags()
    {
        List<string> supported = [];
        foreach (string name in OciNames.SeccompFlags)
        {
            uint flag = SeccompNames.Flag(name, name);

            // It goes only with a listener.
            if (flag == SeccompNames.FlagWaitKillableRecv) flag |= SeccompNames.FlagNewListener;
            long result = RawCall.Invoke(SystemCallNumber.seccomp, SECCOMP_SET_MODE_FILTER, (nint)flag, 0);
            if (result == -(long)Errno.EFAULT) supported.Add(name);
        }

        return supported;
    }
}
