using Container.Native.Oci;
using Container.Native.Processes;

namespace Container.Runtime.Monitor;

/// <summary>state.json: what others learn about the container without asking.</summary>
internal sealed class StateFile
{
    private readonly string path;

    public StateFile(string directory)
    {
        path = $"{directory}/state.json";
        ProcessIdentity own = ProcessIdentity.TryRead(Environment.ProcessId) ?? default;
        State = new MonitorState
        {
            Status = "created",
            MonitorPid = own.Pid,
            MonitorStartTime = own.StartTime,
            BootId = HostBoot.Id,
        };
    }

    /// <summary>What was written last.</summary>
    public MonitorState State { get; private set; }

    /// <summary>Replaces the state. It means nothing after a reboot, so it need not survive one.</summary>
    public void Write(MonitorState state)
    {
        State = state;
        AtomicFile.Write(path, OciDocument.Write(state), flush: false);
    }
}
