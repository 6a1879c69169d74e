using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// A terminal for the container: a pair from its own devpts, whose master goes to the parent. Everything is reached
/// through the master's descriptor, never through a name in /dev/pts, which the image could have put there
/// (CVE-2025-52565).
/// </summary>
internal static class ConsoleCompiler
{

    /// <summary>Adds the terminal of a container that is being made, and /dev/console. Returns the slot of its
    /// end.</summary>
    public static LaunchSlot? Add(LaunchCompilation c)
    {
        if (c.Spec.Process?.Terminal != true) return null;
        LaunchPlan plan = c.Plan;
        LaunchSlot master;
        if (c.Terminals is { } terminals)
        {
            master = plan.AddSlot();
            plan.Call(
                SystemCallNumber.openat, new LaunchStep("open", "/dev/pts/ptmx", null),
                [terminals, plan.Text("ptmx"), FileCalls.O_RDWR | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC], master);
        }
        else
        {
            master = c.Open("/dev/ptmx", FileCalls.O_RDWR | FileCalls.O_NOCTTY);
            Verify(plan, master);
        }

        LaunchSlot peer = OpenPeer(plan, master, c.Spec.Process, c.Options);
        LaunchSlot copy = plan.AddSlot();
        uint flags = Mount.OPEN_TREE_CLONE | Mount.OPEN_TREE_CLOEXEC | FileCalls.AT_EMPTY_PATH;
        plan.Call(
            SystemCallNumber.open_tree, new LaunchStep("open_tree", "the console", null),
            [peer, plan.Text(""), flags], copy);
        MountCompiler.Move(
            plan, copy, c.OpenFile("/dev/console"), new LaunchStep("move_mount", "/dev/console", "the console"));
        plan.Close(copy);
        return peer;
    }

    /// <summary>Adds the test that what stands at /dev/ptmx is what makes terminals.</summary>
    public static void Verify(LaunchPlan plan, LaunchSlot master)
    {
        const int Major = 5;
        const int Minor = 2;
        plan.Add(OperationKind.RequireDevice, new LaunchStep("verify", "/dev/ptmx", "5:2"), [master, Major, Minor, FileCalls.S_IFCHR]);
    }

    /// <summary>Sets up the pair of <paramref name="master"/> and sends the master to the parent.</summary>
    public static LaunchSlot OpenPeer(LaunchPlan plan, LaunchSlot master, OciProcess process, LaunchOptions options)
    {
        LaunchSlot peer = plan.AddSlot();
        plan.Call(
            SystemCallNumber.ioctl, new LaunchStep("ioctl", "ptmx", "TIOCSPTLCK"),
            [master, TerminalCalls.TIOCSPTLCK, plan.Data<int>([0])]);
        plan.Call(
            SystemCallNumber.ioctl, new LaunchStep("ioctl", "ptmx", "TIOCGPTPEER"),
            [master, TerminalCalls.TIOCGPTPEER, FileCalls.O_RDWR | FileCalls.O_NOCTTY | FileCalls.O_CLOEXEC], peer);
        if (process.ConsoleSize is { } size)
        {
            plan.Call(
                SystemCallNumber.ioctl, new LaunchStep("ioctl", "ptmx", $"TIOCSWINSZ {size.Width}x{size.Height}"),
                [master, TerminalCalls.TIOCSWINSZ, plan.Data<ushort>([(ushort)size.Height, (ushort)size.Width, 0, 0])]);
        }

        if (options.PlainNewlines)
        {
            plan.Add(
                OperationKind.ClearOutputFlag, new LaunchStep("ioctl", "ptmx", "TCSETS -onlcr"),
                [master, TerminalModes.TCGETS, TerminalModes.TCSETS, TerminalModes.ONLCR]);
        }

        if (process.User.Uid != 0)
        {
            // Its user must be able to reopen it; EINVAL and EPERM leave a terminal that works all the same.
            plan.Call(
                SystemCallNumber.fchownat, new LaunchStep("chown", "the console", null),
                [peer, plan.Text(""), process.User.Uid, -1, FileCalls.AT_EMPTY_PATH], tolerated: Errno.EPERM);
        }

        plan.Add(OperationKind.Notify, new LaunchStep("send", "the console", null), [LaunchReport.Descriptor, master]);
        plan.Close(master);
        return peer;
    }

    /// <summary>The terminal becomes the session's, or the given streams 0, 1 and 2.</summary>
    public static void Connect(LaunchPlan plan, LaunchSlot? console, IReadOnlyList<int>? streams)
    {
        if (console is { } terminal)
        {
            plan.Call(
                SystemCallNumber.ioctl, new LaunchStep("ioctl", "the console", "TIOCSCTTY"),
                [terminal, TerminalCalls.TIOCSCTTY, 0]);
        }

        for (int i = 0; i < 3; i++)
        {
            // dup3(2) refuses a descriptor that is in its place already.
            if (console is null && streams is not null && streams[i] == i) continue;
            LaunchSlot? source = console ?? (streams is null ? null : plan.AddSlot(streams[i]));
            if (source is not { } slot) continue;
            plan.Call(SystemCallNumber.dup3, new LaunchStep("dup", Stream(i), null), [slot, i, 0]);
        }

        if (console is null)
            plan.Add(OperationKind.ReplaceNull, new LaunchStep("replace", "the host's /dev/null", null), [plan.Text("/dev/null")]);
    }

    private static string Stream(int number) => number switch
    {
        0 => "stdin",
        1 => "stdout",
        _ => "stderr",
    };
}
