using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Programs;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>
/// Has a container removed that was to go with its end, or with a shell, where the process that was to remove it has gone
/// before. A monitor does it when it has ended; that of an ordinary user is root of a user namespace, where a program would
/// look for root's files, and leaves it to the process that made the namespace.
/// </summary>
internal static class OwnerRemoval
{
    /// <summary>Does so where it is to be done; the file is read now: the owner may be another one since.</summary>
    /// <param name="directory">The directory with monitor.json.</param>
    public static void Run(string directory)
    {
        try
        {
            MonitorRequest request = ContainerSetting.ReadRequest(directory);
            if (request.Removal is not { } removal || request.OwnerUid != Users.geteuid()) return;
            if (new ProcessIdentity(request.OwnerPid, request.OwnerStartTime).IsRunning) return;
            _ = new HostProgram().Run(removal.Path, removal.Args ?? [], removal.Env, [], removal.Timeout);
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            // It has been removed, or the next command that comes by removes it.
        }
    }
}
