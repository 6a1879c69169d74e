using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

/// <summary>
/// What is asked of a container's processes while they end, or while the container is removed. Which call fails then, and
/// how, is chance: whoever asked is told that it does not run, or that it is gone.
/// </summary>
public sealed partial class ContainerService
{
    // A process that has begun to end has left its namespaces already, and is a zombie very soon.
    private const int EndMilliseconds = 200;

    private T WhileRunning<T>(ContainerDocument document, string nameOrId, Func<MonitorState, T> action)
    {
        MonitorState? state = store.TryReadState(document.Id);
        if (!ContainerStatus.IsAlive(state)) throw NotRunning(document.Name, nameOrId);
        try
        {
            return action(state!);
        }
        catch (Exception failure) when (IsOver(document.Id, state!, failure))
        {
            throw Over(document, nameOrId);
        }
    }

    private EngineException Over(ContainerDocument document, string nameOrId) =>
        store.Exists(document.Id) ? NotRunning(document.Name, nameOrId) : Gone(nameOrId);

    private MonitorClient ConnectTo(ContainerDocument document, string nameOrId) =>
        MonitorClient.TryConnect(store.RunDirectory(document.Id)) ?? throw NotRunning(document.Name, nameOrId);

    /// <summary>What a container is run with; it may be removed at this moment.</summary>
    private OciSpec ReadSpec(ContainerDocument document)
    {
        string path = store.SpecPath(document.Id);
        if (HostTrust.Read(path) is { } content) return OciDocument.ReadSpec(content);
        throw store.Exists(document.Id)
            ? new EngineException(
                ErrorId.SpecInvalid,
                $"The state file '{path}' is missing.",
                "Repair-ContainerStorage removes what cannot be read any more.",
                document.Name)
            : Gone(document.Name);
    }

    /// <summary>Whether something failed because the container that ran before has ended.</summary>
    private bool IsOver(string id, MonitorState before, Exception failure)
    {
        if (failure is not (SystemCallException or IOException or EngineException { Id: not ErrorId.ContainerPaused }))
            return false;
        ProcessIdentity first = new(before.Pid, before.PidStartTime);

        // Its files have gone too: then no user is known any more.
        if (failure is SystemCallException { Errno: Errno.ESRCH or Errno.EIO or Errno.EXDEV or Errno.EINVAL or Errno.ENODEV }
            or EngineException { Errno: Errno.ESRCH }
            or EngineException { Id: ErrorId.InvalidUser })
            SpinWait.SpinUntil(() => !first.IsRunning, EndMilliseconds);
        MonitorState? now = store.TryReadState(id);
        return !first.IsRunning || !ContainerStatus.IsAlive(now) || now!.Pid != before.Pid || !store.Exists(id);
    }
}
