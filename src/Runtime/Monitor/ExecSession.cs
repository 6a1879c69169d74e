using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>A further process of the container, from its launch to its end.</summary>
internal sealed class ExecSession(
    LaunchedProcess launched, IExecClient client, bool isDetached, EndedProcesses ended) : PollSource
{
    private readonly int pid = launched.Pid;
    private List<ClientConnection>? waiters;
    private LaunchedProcess? launching = launched;
    private FileDescriptor? process;

    public override int Descriptor => launching?.Channel.Number ?? process!.Number;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        if (launching is not null) Advance(launching);
        else if (ChildProcess.Poll(process!) is { } status) Report(status);
    }

    /// <summary>The process as the host sees it.</summary>
    public int Pid => pid;

    /// <summary>A descriptor of the container's first process, while that runs.</summary>
    public required Func<FileDescriptor?> First { get; init; }

    /// <summary>Called when its program has been executed, before anybody is told.</summary>
    public Action? WhenStarted { get; init; }

    /// <summary>Called when it has ended, before anybody is told.</summary>
    public Action<ExitStatus>? WhenEnded { get; init; }

    /// <summary>The message that tells of a process's end.</summary>
    public static MonitorMessage Exited(ExitStatus status) => new()
    {
        Type = MonitorMessageType.Exited,
        ExitCode = status.Code,
        Signal = status.Signal > 0 ? status.Signal : null,
    };

    /// <summary>One more client wants to know how it ends; false where it has ended.</summary>
    public bool AddWaiter(ClientConnection waiter)
    {
        if (IsClosed) return false;
        (waiters ??= []).Add(waiter);
        return true;
    }

    /// <summary>The client has gone: its process ends, unless it was to run on its own.</summary>
    public void LoseClient()
    {
        if (!isDetached && !IsClosed) Kill();
    }

    /// <summary>Ends the process now and takes its status, so that nothing is left.</summary>
    public void End()
    {
        if (IsClosed) return;
        Kill();
        FileDescriptor child = launching?.PidFd ?? process!;
        Report(ChildProcess.Wait(child));
    }

    protected override void Close()
    {
        launching?.Dispose();
        process?.Dispose();
    }

    private void Advance(LaunchedProcess child)
    {
        try
        {
            if (!child.Advance()) return;
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            child.Abandon();
            bool isOver = First() is not { } first || ContainerEnd.IsCause(failure, first);
            client.Send(MonitorFailure.Describe(isOver ? LaunchException.ContainerEnded() : failure));
            Dispose();
            return;
        }

        using FileDescriptor? console = child.TakeDescriptor();
        process = child.Detach();
        launching = null;
        WhenStarted?.Invoke();
        MonitorMessage answer = new() { Type = MonitorMessageType.Started, Pid = pid };
        if (console is null) client.Send(answer);
        else client.Send(answer, console.Number);
    }

    private void Kill()
    {
        // The process leads a session and a process group of its own, whose number cannot be used again before its
        // status has been taken, which only we do.
        _ = Signals.kill(-pid, Signals.SIGKILL);
        ChildProcess.Signal(launching?.PidFd ?? process!, Signals.SIGKILL);
    }

    private void Report(ExitStatus status)
    {
        if (launching is null) WhenEnded?.Invoke(status);
        MonitorMessage message = Exited(status);
        client.Send(message);
        foreach (ClientConnection waiter in waiters ?? [])
        {
            waiter.Send(message);
        }

        if (isDetached) ended.Add(pid, status);
        Dispose();
    }
}
