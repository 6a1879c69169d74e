using System.Diagnostics;
using Container.Engine.Events;
using Container.Engine.Store;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

/// <summary>
/// What processes that were killed left behind. A monitor that died leaves a container nobody watches over: its
/// processes are found by the control group, killed, and the end is recorded. A creator that died leaves a directory
/// without container.json, or a name for one.
/// </summary>
public sealed partial class ContainerService
{
    /// <summary>Records the end of a container whose monitor died; the caller holds its lock.</summary>
    private MonitorState Recover(ContainerDocument document, MonitorState state)
    {
        RemoveCgroup(document.CgroupsPath);
        bool ran = state.StartedAt is not null;
        MonitorState ended = state with
        {
            Status = "exited",
            ExitCode = 128 + SignalNumber.Kill,
            Signal = SignalNumber.Kill,
            FinishedAt = ran ? DateTimeOffset.UtcNow : null,
            Error = new MonitorMessage { Type = MonitorMessageType.Error, Message = ContainerStatus.MonitorText },
        };
        if (ran && state.Status != "restarting" && !events.HasExit(document.Id, state.StartedAt!.Value))
        {
            Report(
                document, EventAction.Exit, ("exitCode", "137"), ("startedAt", $"{state.StartedAt:O}"),
                ("recovered", "true"));
        }

        store.WriteState(document.Id, ended);
        store.KeepState(document.Id, ended);
        File.Delete(Path.Join(store.RunDirectory(document.Id), MonitorConnection.SocketName));
        return ended;
    }

    /// <summary>
    /// Ends a monitor that waits for its container to be started, because whoever was to start it died; the caller
    /// holds the container's lock.
    /// </summary>
    private static void EndUnstarted(ContainerDocument document, MonitorState? state)
    {
        if (state is not { Status: "created" or "prepared" } || state.BootId != HostBoot.Id) return;
        ProcessIdentity monitor = new(state.MonitorPid, state.MonitorStartTime);
        if (!monitor.IsRunning) return;
        using Process process = Process.GetProcessById(monitor.Pid);
        process.Kill();
        while (monitor.IsRunning) Thread.Sleep(1);
        RemoveCgroup(document.CgroupsPath);
    }

    // Without the lock, which somebody who starts or removes the container holds, there is nothing to recover from.
    private MonitorState? TryRecover(ContainerDocument document, MonitorState state)
    {
        using LockFile? held = Directory.Exists(store.Directory(document.Id))
            ? LockFile.TryAcquire(store.LockPath(document.Id))
            : null;
        if (held is null) return state;
        MonitorState? now = ReadState(document.Id);
        return ContainerStatus.IsAbandoned(now) ? Recover(document, now!) : now;
    }

    /// <summary>Removes what is left of a container that was never finished, or not removed to the end.</summary>
    private void Collect(string id)
    {
        try
        {
            using LockFile? held = LockFile.TryAcquire(store.LockPath(id));
            if (held is null || store.Exists(id)) return;
            idRanges.Recover(owner => owner != id);
            Discard(id, names.FindOf(id), null);
        }
        catch (EngineException)
        {
            // Somebody else is at it, or may do more than we may; a listing does not fail for that.
        }
    }

    // A name is given to a container before that has a document; it is free again when nobody works on it any more.
    private bool IsAbandonedCreation(string id, string key)
    {
        if (store.Exists(id)) return IsAbandonedRename(id, key);
        if (!Directory.Exists(store.Directory(id))) return true;
        try
        {
            using LockFile? held = LockFile.TryAcquire(store.LockPath(id));
            return held is not null && !store.Exists(id);
        }
        catch (EngineException failure) when (failure.Errno == Errno.ENOENT)
        {
            return true;
        }
    }

    // Between the two steps of a rename the container has a name that its document does not say.
    private bool IsAbandonedRename(string id, string key)
    {
        if (store.TryRead(id) is not { } document || ContainerName.Key(document.Name) == key) return false;
        using LockFile? held = LockFile.TryAcquire(store.LockPath(id));
        return held is not null && store.TryReadNow(id) is { } now && ContainerName.Key(now.Name) != key;
    }
}
