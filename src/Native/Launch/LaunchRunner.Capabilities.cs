using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>Capability sets that the kernel changes one bit at a time: capabilities(7), prctl(2).</summary>
internal static unsafe partial class LaunchRunner
{
    private static long DropBounding(ulong keep, int last)
    {
        const int PR_CAPBSET_DROP = 24;

        for (int capability = 0; capability <= last; capability++)
        {
            if ((keep >> capability & 1) != 0) continue;
            long result = RawCall.Invoke(SystemCallNumber.prctl, PR_CAPBSET_DROP, capability, 0, 0, 0, 0);

            // EINVAL: a kernel with fewer capabilities than we know of.
            if (result < 0 && result != -(long)Errno.EINVAL) return result;
        }

        return 0;
    }

    private static long RaiseAmbient(ulong raise, int last)
    {
        const int PR_CAP_AMBIENT = 47;
        const int PR_CAP_AMBIENT_RAISE = 2;
        const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

        long result = RawCall.Invoke(SystemCallNumber.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0, 0);
        for (int capability = 0; result >= 0 && capability <= last; capability++)
        {
            if ((raise >> capability & 1) == 0) continue;
            result = RawCall.Invoke(SystemCallNumber.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0, 0);
        }

        return result;
    }
}
