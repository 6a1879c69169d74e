namespace Container.Native.Processes;

/// <summary>What proc(5) shows as field 9 of /proc/PID/stat (include/linux/sched.h).</summary>
[Flags]
internal enum ProcessFlags : uint
{
    /// <summary>It has begun to end.</summary>
    PF_EXITING = 0x4,

    /// <summary>It still runs what it was cloned from, and has not called execve(2).</summary>
    PF_FORKNOEXEC = 0x40,
}
