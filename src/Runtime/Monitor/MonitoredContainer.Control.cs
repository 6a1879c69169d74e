using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.IdMapping;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Namespaces;
using Container.Native.Network;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <content>What clients can do to it while it runs.</content>
internal sealed partial class MonitoredContainer
{
    private const int ProcessLimit = 1024 * 1024;

    private MonitorMessage? limitReached;

    /// <summary>Kills, pauses, resumes, or changes the terminal's size.</summary>
    public void Control(MonitorMessage request) => spare.Use(() => Obey(request));

    private void Obey(MonitorMessage request)
    {
        switch (request.Type)
        {
            case MonitorMessageType.Kill:
                isStopped |= request.Stop == true;
                if (isStopped && CancelRestart()) break;
                RequireRunning();
                int signal = request.Signal ?? Signals.SIGTERM;
                if (request.Pid is { } pid) SignalOne(pid, signal);
                else Kill(signal, request.All == true);
                events.Add("signal", ("signal", EventWriter.Text(signal)));
                break;
            case MonitorMessageType.Pause:
                RequireRunning();
                RequireCgroup().Freeze();
                events.Add("pause");
                state.Write(state.State with { Status = "paused" });
                break;
            case MonitorMessageType.Resume:
                RequireRunning();
                RequireCgroup().Thaw();
                events.Add("resume");
                state.Write(state.State with { Status = "running" });
                break;
            case MonitorMessageType.Resize:
                RequireRunning();
                streams!.Resize(request.Width ?? 80, request.Height ?? 25);
                break;
            case MonitorMessageType.Prepare:
                if (unprepared is not null) throw unprepared;
                break;
            case MonitorMessageType.Update:
                Update();
                break;
            default:
                throw new MonitorException("InvalidConfiguration", $"there is no request '{request.Type}'");
        }
    }

    /// <summary>Connects a client to the running container; returns its end of a terminal's stream.</summary>
    public FileDescriptor? Attach(IReadOnlyList<FileDescriptor> given, bool withInput, List<OutputSink> sinks)
    {
        RequireRunning();
        if (HasTerminal) return streams!.AttachTerminal(isLossless: false, withInput, sinks);
        if (given.Count != 3)
            throw new MonitorException("InvalidConfiguration", "attach needs three streams");
        sinks.AddRange(streams!.Attach(given, isLossless: false, withInput));
        return null;
    }

    /// <summary>A TCP socket in the network of the container, which connects to what that sees, whoever uses it.</summary>
    public FileDescriptor OpenSocket(bool ipv6)
    {
        FileDescriptor? opened = null;
        spare.Use(() =>
        {
            FileDescriptor first = RequireRunning();

            // The host's, where it has none of its own, only the host's root could enter.
            bool own = new LaunchNamespaces(skeleton.Linux?.Namespaces).Has(CloneArguments.CLONE_NEWNET);
            opened = NetworkSocket.Open(own ? first : null, ipv6);
        });
        return opened!;
    }

    /// <summary>Starts a further process. The answer follows when its program has been executed.</summary>
    public ExecSession Execute(ClientConnection client, MonitorMessage request, FileDescriptor[] given)
    {
        try
        {
            RequireRunning();
            if (state.State.Status == "paused")
                throw new MonitorException("ContainerPaused", "the container is paused");
            if (given.Length is not (1 or 4))
                throw new MonitorException("InvalidConfiguration", "exec needs a process document and three streams");

            OciProcess further = ReadProcess(request, given[0]);

            // Arguments may be secret, and the log of events outlives the container.
            return Run(client, further, Streams(given, further), request.Detach == true, command: further.Args![0]);
        }
        finally
        {
            foreach (FileDescriptor descriptor in given)
            {
                descriptor.Dispose();
            }
        }
    }

    /// <summary>
    /// Tells <paramref name="client"/> how a further process ends, or has ended. One that is no child of ours is not
    /// known.
    /// </summary>
    public void WaitForProcess(int pid, ClientConnection client)
    {
        foreach (ExecSession session in sessions)
        {
            if (session.Pid == pid && session.AddWaiter(client)) return;
        }

        if (!ended.TryGet(pid, out ExitStatus status))
            throw new MonitorException("ProcessNotFound", $"process {pid} was not started by exec");
        client.Send(ExecSession.Exited(status));
    }

    /// <summary>Ends the container as a service manager ends a service: it is asked to, then it is killed.</summary>
    public void Stop()
    {
        isStopped = true;
        if (CancelRestart()) return;
        if (process is null) GiveUp();
        else StopGracefully();
    }

    /// <summary>Whoever ran it in the foreground has gone: it has nobody left, and is not started again.</summary>
    public void LoseOwner()
    {
        isStopped = true;
        if (!CancelRestart()) Kill(Signals.SIGKILL, all: true);
    }

    /// <param name="client">Who is told what becomes of it.</param>
    /// <param name="further">The process.</param>
    /// <param name="launch">How it is started.</param>
    /// <param name="isDetached">It outlives its client.</param>
    /// <param name="command">The program, which events name; none are written where this is null.</param>
    private ExecSession Run(
        IExecClient client, OciProcess further, LaunchOptions launch, bool isDetached, string? command = null)
    {
        further = further with { OomScoreAdj = further.OomScoreAdj ?? oomScoreAdjustment };
        LaunchedProcess child = ContainerLauncher.Launch(skeleton, further, RequireRunning(), launch);
        (string, string) pid = ("pid", EventWriter.Text(child.Pid));
        ExecSession session = new(child, client, isDetached, ended)
        {
            First = () => process,
            WhenStarted = command is null ? null : () => events.Add("exec", ("command", command), pid),
            WhenEnded = command is null
                ? null
                : status => events.Add("execExit", ("exitCode", EventWriter.Text(status.Code)), pid),
        };
        sessions.Add(session);
        loop.Add(session);
        return session;
    }

    private void Kill(int signal, bool all) => spare.UseAtNeed(() => KillNow(signal, all));

    private void KillNow(int signal, bool all)
    {
        if (process is null) return;
        bool grouped = cgroup is { Exists: true };
        if (!all || (!grouped && signal == Signals.SIGKILL && endsWithFirst)) ChildProcess.Signal(process, signal);
        else if (grouped && signal == Signals.SIGKILL) cgroup!.Kill();
        else MemberSignal.Send(GetProcesses, signal);

        // What is frozen does not die before it is thawed.
        if (signal == Signals.SIGKILL && state.State.Status == "paused") cgroup?.Thaw();
    }

    /// <summary>The first process has ended; in a pid namespace that is not its own that ends nobody else.</summary>
    private void KillRest()
    {
        if (cgroup is { Exists: true })
        {
            cgroup.Kill();
            return;
        }

        // Again for those that were forked meanwhile.
        const int Attempts = 20;
        for (int i = 0; i < Attempts && mounts is not null && GetProcesses().Count > 0; i++)
        {
            MemberSignal.Send(GetProcesses, Signals.SIGKILL);
        }
    }

    /// <summary>The descriptor is taken first: from then on the process that is looked for in the cgroup is the one
    /// that gets the signal.</summary>
    private void SignalOne(int pid, int signal)
    {
        using FileDescriptor? target = TryOpen(pid);
        if (target is null || !GetProcesses().Has(pid) || !ChildProcess.Signal(target, signal))
            throw new MonitorException("ProcessNotFound", $"process {pid} is not one of the container");
    }

    private static FileDescriptor? TryOpen(int pid)
    {
        try
        {
            return ChildProcess.Open(pid);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            return null;
        }
    }

    private static OciProcess ReadProcess(MonitorMessage request, FileDescriptor document)
    {
        // The client has written the file with this open file, so the position is at its end.
        SystemCallException.Check(FileCalls.lseek(document.Number, 0, FileCalls.SEEK_SET), "lseek", "process.json");
        OciProcess process = OciDocument.ReadProcess(FileCalls.ReadAll(document, ProcessLimit, "process.json"));
        if (process.Args is not { Count: > 0 }) throw new DocumentException("args", "a process needs a command");
        process = process with { Terminal = request.Terminal ?? process.Terminal };
        return request is { Width: { } width, Height: { } height }
            ? process with { ConsoleSize = new OciBox { Width = width, Height = height } }
            : process;
    }

    private LaunchOptions Streams(FileDescriptor[] given, OciProcess further)
    {
        if (given.Length == 1) return options;
        uint owner = IdMaps.HostId(skeleton.Linux?.UidMappings, further.User.Uid);
        foreach (FileDescriptor stream in given.AsSpan(1))
        {
            StreamDescriptor.GivePipe(stream, owner);
        }

        return options with { StandardStreams = [given[1].Number, given[2].Number, given[3].Number] };
    }

    // An ordinary user's container may have no group.
    private IReadOnlyList<int> GetProcesses() =>
        cgroup is { Exists: true } ? cgroup.GetProcesses()
        : mounts is { } own ? PidNamespace.GetProcessesByMounts(own)
        : PidNamespace.GetProcesses(state.State.Pid);

    private CgroupManager RequireCgroup() => cgroup
        ?? throw new MonitorException("KernelFeatureMissing", "the container has no cgroup");
}
