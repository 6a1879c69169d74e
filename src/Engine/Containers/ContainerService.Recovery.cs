using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Events;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Monitor;
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
    // What has been killed ends within this many milliseconds, unless the kernel is in trouble.
    private const int EndAttempts = 10_000;

    /// <summary>Records the end of a container whose monitor died; the caller holds its lock.</summary>
    private MonitorState Recover(ContainerDocument document, MonitorState state)
    {
        RemoveCgroup(document.CgroupsPath);
        KillFirst(state);
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

        // After a reboot there is only what was kept.
        string running = store.RunDirectory(document.Id);
        if (Directory.Exists(running))
        {
            store.WriteState(document.Id, ended);
            File.Delete(Path.Join(running, MonitorConnection.SocketName));
        }

        store.KeepState(document.Id, ended);
        return ended;
    }

    /// <summary>
    /// Ends a monitor that waits for its container to be started, because whoever was to start it died; the caller
    /// holds the container's lock.
    /// </summary>
    private static void EndUnstarted(ContainerDocument document, MonitorState? state)
    {
        if (state is not { Status: "created" or "prepared" } || state.BootId != HostBoot.Id) return;
        if (!KillNow(new ProcessIdentity(state.MonitorPid, state.MonitorStartTime))) return;
        RemoveCgroup(document.CgroupsPath);
        KillFirst(state);
    }

    // Where there is no control group: with the first process of a pid namespace go all of it.
    private static void KillFirst(MonitorState state)
    {
        if (UserIds.Current is not null && state.Pid > 0) KillNow(new ProcessIdentity(state.Pid, state.PidStartTime));
    }

    // Without a document what its monitor wrote down is all that is known of its processes.
    private void KillLeft(string id)
    {
        if (ReadState(id) is not { } state || state.BootId != HostBoot.Id) return;
        KillNow(new ProcessIdentity(state.MonitorPid, state.MonitorStartTime));
        KillFirst(state);
    }

    private static bool KillNow(ProcessIdentity process)
    {
        if (!process.Kill()) return false;
        for (int i = 0; i < EndAttempts && process.IsRunning; i++) Thread.Sleep(1);
        return true;
    }

    // Without the lock, which somebody who starts or removes the container holds, there is nothing to recover from.
    private MonitorState? TryRecover(ContainerDocument document, MonitorState state)
    {
        using LockFile? held = TryLock(document.Id);
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
            KillLeft(id);
            RemoveCgroup($"{ContainerDefaults.CgroupParent}/{id}");
            idRanges.Recover(owner => owner != id);
            Discard(id, names.FindOf(id), null);
        }
        catch (Exception failure) when (failure is EngineException or SystemCallException)
        {
            // Somebody else is at it, or may do more than we may; a listing does not fail for that.
        }
    }

    // A name is given to a container before that has a document; it is free again when nobody works on it any more.
    private bool IsAbandonedCreation(string id, string key)
    {
        if (store.Exists(id)) return IsAbandonedRename(id, key);
        using LockFile? held = TryLock(id);
        return held is null ? !Directory.Exists(store.Directory(id)) : !store.Exists(id);
    }

    // Between the two steps of a rename the container has a name that its document does not say.
    private bool IsAbandonedRename(string id, string key)
    {
        if (store.TryRead(id) is not { } document || ContainerName.Key(document.Name) == key) return false;
        using LockFile? held = TryLock(id);
        return held is not null && store.TryReadNow(id) is { } now && ContainerName.Key(now.Name) != key;
    }

    /// <summary>The container's lock, or null where somebody has it or the container's directory has gone.</summary>
    private LockFile? TryLock(string id)
    {
        try
        {
            return LockFile.TryAcquire(store.LockPath(id));
        }
        catch (EngineException failure) when (failure.Errno == Errno.ENOENT)
        {
            return null;
        }
    }
}
