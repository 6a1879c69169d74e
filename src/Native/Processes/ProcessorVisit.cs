using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// This thread on other processors for the time of a clone, so that the child starts there: with CLONE_INTO_CGROUP it
/// has no moment of its own before it enters the container's cgroup, whose cpuset may forbid them.
/// </summary>
internal sealed unsafe class ProcessorVisit : IDisposable
{
    private const int MaskWords = 128;
    private readonly ulong[] home;

    private ProcessorVisit(ulong[] home) => this.home = home;

    /// <summary>Goes to the processors of <paramref name="list"/>; null where there is none.</summary>
    public static ProcessorVisit? Enter(string? list)
    {
        if (string.IsNullOrEmpty(list)) return null;
        ulong[] home = new ulong[MaskWords];
        fixed (ulong* mask = home)
        {
            SystemCallException.Check(
                ProcessCalls.sched_getaffinity(0, MaskWords * sizeof(ulong), mask), "sched_getaffinity");
        }

        Set(NumberList.ToMask(list), list);
        return new ProcessorVisit(home);
    }

    /// <inheritdoc/>
    public void Dispose() => Set(home, "our own processors");

    private static void Set(ulong[] words, string subject)
    {
        fixed (ulong* mask = words)
        {
            SystemCallException.Check(
                ProcessCalls.sched_setaffinity(0, (nuint)(words.Length * sizeof(ulong)), mask),
                "sched_setaffinity", subject);
        }
    }
}
