using Container.Native.Files;
using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Runtime.Monitor;

/// <summary>state.json: what others learn about the container without asking.</summary>
internal sealed class StateFile
{
    private readonly string path;
    private readonly SpareDescriptors spare;
    private int length;

    public StateFile(string directory, SpareDescriptors spare)
    {
        this.spare = spare;
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

    /// <summary>
    /// Replaces the state. It means nothing after a reboot, so it need not survive one. Only the first time that can
    /// fail: a container that runs is not given up because the disk is full.
    /// </summary>
    public void Write(MonitorState state)
    {
        State = state;
        byte[] content = MonitorDocument.Write(state);
        try
        {
            spare.UseAtNeed(() => AtomicFile.Write(path, content, flush: false));
            length = content.Length;
        }
        catch (SystemCallException) when (length > 0)
        {
            WriteInPlace(content);
        }
    }

    /// <summary>
    /// There is no room for a second file, but that which is there has a block. One write of one block is not seen by
    /// halves; what was there before is covered with spaces, which mean nothing at the end.
    /// </summary>
    private void WriteInPlace(byte[] content)
    {
        int before = content.Length;
        if (before < length) Array.Resize(ref content, length);
        content.AsSpan(before).Fill((byte)' ');
        try
        {
            using FileDescriptor file = FileCalls.Open(path, FileCalls.O_WRONLY | FileCalls.O_NOFOLLOW);
            FileCalls.WriteAll(file.Number, content, path);
            length = content.Length;
        }
        catch (SystemCallException)
        {
            // The directory has gone, or cannot be written to any more. Clients are told all the same.
        }
    }
}
