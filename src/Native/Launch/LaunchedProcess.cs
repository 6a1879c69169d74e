using System.Runtime.InteropServices;
using Container.Native.Namespaces;
using Container.Native.Processes;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>The parent's side of a launch: the child, and the socket it reports on.</summary>
internal sealed unsafe class LaunchedProcess : IDisposable
{
    private readonly LaunchPlan plan;
    private readonly Action<LaunchedProcess, HookPoint>? hooks;
    private readonly Action<LaunchedProcess, FileDescriptor>? listener;
    private readonly List<FileDescriptor> received = [];
    private readonly PacketSocket channel;

    private LaunchedProcess(
        LaunchPlan plan,
        PacketSocket channel,
        int pid,
        FileDescriptor pidFd,
        Action<LaunchedProcess, HookPoint>? hooks,
        Action<LaunchedProcess, FileDescriptor>? listener)
    {
        this.plan = plan;
        this.channel = channel;
        this.hooks = hooks;
        this.listener = listener;
        Pid = pid;
        PidFd = pidFd;
    }

    /// <summary>The child's process id, as this process sees it.</summary>
    public int Pid { get; private set; }

    /// <summary>A descriptor of the child: signals and waits through it cannot hit a reused id.</summary>
    public FileDescriptor PidFd { get; private set; }

    /// <summary>What the child has sent: the master of the container's terminal, mostly.</summary>
    public FileDescriptor? Handed { get; private set; }

    /// <summary>The plan's operations in words.</summary>
    public IReadOnlyList<LaunchStep> Steps => plan.Steps;

    /// <summary>What of the request could not be granted.</summary>
    public IReadOnlyList<string> Warnings => plan.Warnings;

    /// <summary>The socket, for a caller that polls it; it is readable when <see cref="WaitUntilExecuted"/> does not
    /// block.</summary>
    public FileDescriptor Channel => channel.Descriptor;

    /// <summary>
    /// clone3(2), and the plan in the child. The caller must be the only thread that runs managed code: the child is a
    /// copy of this thread alone, and a collection that waits for another would wait for ever.
    /// </summary>
    /// <param name="plan">What the child does.</param>
    /// <param name="flags">The namespaces it is made with.</param>
    /// <param name="cgroup">Its control group on v2; its caller's where null.</param>
    /// <param name="hooks">What to do when the plan comes to hooks.</param>
    /// <param name="listener">What to do with the descriptor of a filter that asks a supervisor.</param>
    public static LaunchedProcess Start(
        LaunchPlan plan,
        ulong flags,
        FileDescriptor? cgroup,
        Action<LaunchedProcess, HookPoint>? hooks = null,
        Action<LaunchedProcess, FileDescriptor>? listener = null)
    {
        RequireQuiescence();
        (PacketSocket ours, PacketSocket theirs) = PacketSocket.CreatePair();
        using (theirs)
        {
            LaunchContext* context = plan.Seal(theirs.Descriptor.Number, ours.Descriptor.Number);
            int pidFd = -1;
            CloneArguments arguments = new()
            {
                Flags = flags | CloneArguments.CLONE_PIDFD,
                PidFd = (ulong)(nint)(&pidFd),
                ExitSignal = 17,
            };
            if (cgroup is not null)
            {
                arguments.Flags |= CloneArguments.CLONE_INTO_CGROUP;
                arguments.Cgroup = (ulong)cgroup.Number;
            }

            long pid = RawCall.Invoke(SystemCallNumber.clone3, (nint)(&arguments), sizeof(CloneArguments));
            if (pid == 0) LaunchRunner.Run(context);
            if (pid < 0)
            {
                ours.Dispose();
                throw new LaunchException(
                    new LaunchStep("clone3", LaunchNamespaces.Names(flags), null), (Errno)(-pid));
            }

            return new LaunchedProcess(plan, ours, (int)pid, new FileDescriptor(pidFd), hooks, listener);
        }
    }

    /// <summary>Lets the child go on from where it waits, with descriptors it asked for.</summary>
    public void Release(params ReadOnlySpan<int> descriptors)
    {
        try
        {
            channel.Send([1], descriptors);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.EPIPE)
        {
            // It ended before it came to that: what it said last is why.
            Receive(out _);
            throw Ended();
        }
    }

    /// <summary>
    /// Blocks until the plan has gone on in a sibling of the first process, and takes that over. The kernel writes the
    /// sibling's id down before the sibling runs (CLONE_PARENT_SETTID of clone(2)). A report of the first process would
    /// not do: what the sibling reports can come before it, and it may be killed before it has made one. A sibling that
    /// we did not know would stay a zombie, and for that the container's first process, and so its end, waits.
    /// </summary>
    public void FollowFork()
    {
        ChildProcess.Wait(PidFd);
        PidFd.Dispose();
        if (plan.ForkedPid == 0)
        {
            Receive(out _);
            throw Ended();
        }

        Pid = plan.ForkedPid;
        PidFd = ChildProcess.OpenOrEnd(Pid);
    }

    /// <summary>Blocks until the child has joined and made its namespaces itself.</summary>
    public void WaitUntilJoined()
    {
        LaunchReport report = Receive(out bool ended);
        if (ended || report.Code != LaunchReport.Joined) throw Ended();
    }

    /// <summary>Blocks until the child waits to be started, as its plan says.</summary>
    public void WaitUntilReady()
    {
        while (true)
        {
            LaunchReport report = Receive(out bool ended);
            if (ended) throw Ended();
            if (report.Code == LaunchReport.Ready) return;
        }
    }

    /// <summary>Blocks until the child has become the container's program.</summary>
    public void WaitUntilExecuted()
    {
        while (!Advance())
        {
        }
    }

    /// <summary>Takes one report, for a caller that polls <see cref="Channel"/>; true once the child has become the
    /// container's program.</summary>
    public bool Advance()
    {
        Receive(out bool ended);
        return ended;
    }

    /// <summary>Gives away what the child has sent.</summary>
    public FileDescriptor? TakeDescriptor()
    {
        FileDescriptor? taken = Handed;
        Handed = null;
        return taken;
    }

    /// <summary>Gives the child's descriptor away and frees everything else, once the child has been executed.</summary>
    public FileDescriptor Detach()
    {
        FileDescriptor child = PidFd;
        PidFd = new FileDescriptor(-1);
        Dispose();
        return child;
    }

    /// <summary>Kills the child and takes its exit status, so that nothing is left.</summary>
    public void Abandon()
    {
        if (PidFd.IsClosed) return;
        ChildProcess.Signal(PidFd, 9);
        ChildProcess.Wait(PidFd);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        channel.Dispose();
        PidFd.Dispose();
        Handed?.Dispose();
        plan.Dispose();
    }

    private LaunchReport Receive(out bool ended)
    {
        LaunchReport report = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<LaunchReport>(ref report));
        ended = channel.Receive(bytes, received) == 0;
        if (report.Code == LaunchReport.Descriptor && received.Count > 0)
        {
            Handed = received[0];
            received.Clear();
        }

        if (report.Code is LaunchReport.RuntimeHooks or LaunchReport.CreateHooks or LaunchReport.StartHooks)
        {
            hooks?.Invoke(this, (HookPoint)report.Code);
            Release();
        }

        if (report.Code == LaunchReport.Listener)
        {
            using FileDescriptor filter = ListenerTransfer.Receive(channel, PidFd, report.Errno);
            listener!.Invoke(this, filter);
            Release();
        }

        return report.Code == LaunchReport.Failed
            ? throw new LaunchException(plan.Steps[report.Index], (Errno)report.Errno)
            : report;
    }

    private static LaunchException Ended() => new(new LaunchStep("launch", null, null), Errno.ESRCH);

    private static void RequireQuiescence()
    {
        const int OwnThreads = 2;

        // A directory's link count is 2 and one for each directory in it, so here the threads are counted by one call.
        FileStatus status;
        SystemCallException.Check(
            FileCalls.statx(FileCalls.AT_FDCWD, "/proc/self/task", 0, FileStatus.STATX_BASIC_STATS, &status),
            "statx", "/proc/self/task");
        if (status.LinkCount > OwnThreads + 2)
        {
            throw new InvalidOperationException(
                $"clone with {status.LinkCount - 2} threads running: the child could wait for one for ever");
        }
    }
}
