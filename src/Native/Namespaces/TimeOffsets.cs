using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>
/// A time namespace is made for the children of this thread, and its clocks are set before the first of them enters
/// it: later the kernel refuses (time_namespaces(7)).
/// </summary>
internal static class TimeOffsets
{
    public static void Prepare(LaunchNamespaces namespaces, IReadOnlyDictionary<string, OciTimeOffset>? offsets)
    {
        if (!namespaces.Creates(CloneArguments.CLONE_NEWTIME)) return;
        SystemCallException.Check(ProcessCalls.unshare((int)CloneArguments.CLONE_NEWTIME), "unshare", "time");
        if (offsets is not { Count: > 0 }) return;

        using ProcFile own = ProcFile.Open();
        foreach ((string clock, OciTimeOffset offset) in offsets)
        {
            own.Write("timens_offsets", $"{clock} {offset.Secs} {offset.Nanosecs}\n");
        }
    }
}
