using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.IdMapping;

/// <summary>
/// A user namespace that exists for its maps alone, as mount_setattr(2) takes an id mapping only in that form. A
/// namespace needs a process to be made, and then lives as long as a descriptor of it.
/// </summary>
internal static class IdMapNamespace
{
    public static FileDescriptor Create(IReadOnlyList<OciIdMapping> uids, IReadOnlyList<OciIdMapping> gids)
    {
        LaunchPlan plan = new();
        plan.Add(OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, "id maps"), [0, 0, 0]);
        LaunchedProcess process;
        try
        {
            process = LaunchedProcess.Start(plan, CloneArguments.CLONE_NEWUSER, null);
        }
        catch
        {
            plan.Dispose();
            throw;
        }

        using (process)
        {
            try
            {
                IdMaps.Write(process.Pid, uids, gids, privileged: true);
                using ProcFile proc = ProcFile.Open(process.Pid);
                return proc.OpenNamespace("user");
            }
            finally
            {
                process.Abandon();
            }
        }
    }
}
