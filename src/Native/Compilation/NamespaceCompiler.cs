using System.Text;
using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Network;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Joins namespaces, makes those that clone3(2) could not make, and names the host.</summary>
internal static class NamespaceCompiler
{
    /// <summary>
    /// The child enters the v1 hierarchies itself: alone in its thread group it needs no lock that would cost a grace
    /// period (<see cref="CgroupManager.OpenForAttach()"/>).
    /// </summary>
    /// <param name="plan">The plan to add to.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="first">The container's first process, for a further one.</param>
    public static void EnterCgroups(LaunchPlan plan, LaunchOptions options, ProcessCgroups? first = null)
    {
        if (options.Cgroup is not { } cgroup) return;
        IReadOnlyList<FileDescriptor> files = cgroup.OpenForAttach(first);
        if (files.Count == 0) return;
        nint self = plan.Data<byte>([(byte)'0']);
        foreach (FileDescriptor file in files)
        {
            LaunchSlot slot = plan.AddSlot(plan.Own(file));
            plan.Call(SystemCallNumber.write, new LaunchStep("enter-cgroup", cgroup.Path, null), [slot, self, 1]);
            plan.Close(slot);
        }
    }

    /// <summary>Comes first: nobody waits for it.</summary>
    public static void MakeNetwork(LaunchCompilation c)
    {
        if (!c.Namespaces.MakesNetworkInChild) return;
        c.Plan.Call(
            SystemCallNumber.unshare, new LaunchStep("unshare", null, "network"), [(nint)CloneArguments.CLONE_NEWNET]);
    }

    /// <summary>
    /// setns(2) takes rights over a namespace in the user namespace that owns it: those that the user namespace to be
    /// joined owns are joined after it, all others, the host's or another container's, before, while there are the rights
    /// of the host.
    /// </summary>
    public static void Join(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        List<(string Type, ulong Flag, string Path, FileDescriptor File)> later = [];
        FileDescriptor? user = null;
        foreach ((string type, ulong flag, string path) in c.Namespaces.Joined)
        {
            if (!c.Namespaces.IsJoinedByChild(flag)) continue;
            FileDescriptor file = NamespaceVisit.Open(path);
            plan.Own(file);
            if (flag == CloneArguments.CLONE_NEWUSER) user = file;
            if (flag == CloneArguments.CLONE_NEWUSER || (user is not null && NamespaceOwner.Is(user, file)))
                later.Add((type, flag, path, file));
            else
                Join(plan, type, flag, path, file);
        }

        if (user is not null) HideFromMembers(c);
        foreach ((string type, ulong flag, string path, FileDescriptor file) in later)
        {
            Join(plan, type, flag, path, file);
            if (flag == CloneArguments.CLONE_NEWUSER) ProgramSteps.BecomeRoot(plan);
        }

        if (!c.Namespaces.AreMadeAfterJoining) return;

        const ulong Late = CloneArguments.CLONE_NEWPID | CloneArguments.CLONE_NEWCGROUP | CloneArguments.CLONE_NEWTIME;
        ulong now = c.Namespaces.Created & ~Late;
        if (now != 0) plan.Call(SystemCallNumber.unshare, new LaunchStep("unshare", null, LaunchNamespaces.Names(now)), [(nint)now]);

        // A process enters a new or joined pid namespace only by being born there.
        if (c.Namespaces.Has(CloneArguments.CLONE_NEWPID))
        {
            ulong pid = c.Namespaces.Created & CloneArguments.CLONE_NEWPID;
            plan.Fork(new LaunchStep("fork", null, LaunchNamespaces.Names(pid)), pid);

            // The session that was made before is its sibling's, and only a leader gets a terminal (ioctl_tty(2)).
            plan.Call(SystemCallNumber.setsid, new LaunchStep("setsid", null, null), [], tolerated: Errno.EPERM);
        }
        else
        {
            // What the parent does to our namespaces has to wait until they are there.
            plan.Add(OperationKind.Notify, new LaunchStep("send", "joined", null), [LaunchReport.Joined, -1]);
        }
    }

    /// <summary>The container can talk to itself. A namespace that is joined is its owner's.</summary>
    public static void RaiseLoopback(LaunchCompilation c)
    {
        if (!c.Namespaces.Creates(CloneArguments.CLONE_NEWNET)) return;
        LaunchPlan plan = c.Plan;
        LaunchSlot socket = plan.AddSlot();
        plan.Call(
            SystemCallNumber.socket, new LaunchStep("socket", Loopback.Name, null),
            [SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0], socket);
        plan.Call(
            SystemCallNumber.ioctl, new LaunchStep("ioctl", Loopback.Name, "SIOCSIFFLAGS up"),
            [socket, SocketCalls.SIOCSIFFLAGS, plan.Data<byte>(Loopback.UpRequest())]);
        plan.Close(socket);
    }

    /// <summary>
    /// A process of the user namespace that is joined may trace others there, and would find the host's root in ours
    /// (CVE-2016-9962): the ids, whose change takes that right away, may stay the same. What is ours in /proc belongs to
    /// root from then on, so a user's process has to write there before.
    /// </summary>
    private static void HideFromMembers(LaunchCompilation c)
    {
        LaunchPlan plan = c.Plan;
        if (AdjustsItself(c))
        {
            byte[] text = Encoding.ASCII.GetBytes($"{c.Spec.Process!.OomScoreAdj}");
            LaunchSlot slot = plan.AddSlot();
            plan.Call(
                SystemCallNumber.openat, new LaunchStep("open", "/proc/self/oom_score_adj", null),
                [FileCalls.AT_FDCWD, plan.Text("/proc/self/oom_score_adj"), FileCalls.O_WRONLY | FileCalls.O_CLOEXEC], slot);
            plan.Call(
                SystemCallNumber.write, new LaunchStep("write", "oom_score_adj", $"{c.Spec.Process.OomScoreAdj}"),
                [slot, plan.Data<byte>(text), text.Length]);
            plan.Close(slot);
        }

        plan.SetUndumpable();
    }

    /// <summary>Whether the child writes its own oom_score_adj, as its caller may not any more.</summary>
    public static bool AdjustsItself(LaunchCompilation c) =>
        !c.Options.Privileged && c.Spec.Process?.OomScoreAdj is not null
        && c.Namespaces.Has(CloneArguments.CLONE_NEWUSER) && !c.Namespaces.Creates(CloneArguments.CLONE_NEWUSER);

    private static void Join(LaunchPlan plan, string type, ulong flag, string path, FileDescriptor file)
    {
        LaunchSlot slot = plan.AddSlot(file.Number);
        plan.Call(SystemCallNumber.setns, new LaunchStep("setns", path, type), [slot, (nint)flag]);
        plan.Close(slot);
    }

    /// <summary>Comes after the parent put the process into its cgroup, and after the process has its ids.</summary>
    public static void MakeLast(LaunchCompilation c)
    {
        ulong flags = c.Namespaces.MadeLast;
        if (flags == 0) return;
        c.Plan.Call(
            SystemCallNumber.unshare, new LaunchStep("unshare", null, LaunchNamespaces.Names(flags)), [(nint)flags]);
    }

    public static void SetNames(LaunchCompilation c)
    {
        SetName(c.Plan, SystemCallNumber.sethostname, "sethostname", c.Spec.Hostname);
        SetName(c.Plan, SystemCallNumber.setdomainname, "setdomainname", c.Spec.Domainname);
    }

    private static void SetName(LaunchPlan plan, int number, string operation, string? name)
    {
        if (string.IsNullOrEmpty(name)) return;
        plan.Call(number, new LaunchStep(operation, name, null), [plan.Text(name), Utf8.Terminated(name).Length - 1]);
    }
}
