using Container.Native.Launch;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// What the process of a container does between create and start: it waits, and has nothing of the host meanwhile but
/// what it waits on.
/// </summary>
internal static class StartCompiler
{
    private const int MaskSize = 8;

    // What the waiting process of runc ends with: SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM.
    private static ReadOnlySpan<int> Deadly =>
        [Signals.SIGHUP, Signals.SIGINT, Signals.SIGQUIT, Signals.SIGABRT, Signals.SIGTERM];

    /// <summary>
    /// Comes before a filter is in force. The first process of a pid namespace gets only signals that it handles or
    /// blocks (pid_namespaces(7)). Returns where they come.
    /// </summary>
    /// <param name="plan">The plan to add to.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="program">What is executed after the start, where that is a descriptor.</param>
    public static LaunchSlot Prepare(LaunchPlan plan, LaunchOptions options, LaunchSlot? program)
    {
        ulong mask = 0;
        foreach (int signal in Deadly) mask |= 1UL << (signal - 1);
        nint set = plan.Data<ulong>([mask]);
        plan.Call(
            SystemCallNumber.rt_sigprocmask, new LaunchStep("block", "signals", "that end us"),
            [Signals.SIG_SETMASK, set, 0, MaskSize]);
        LaunchSlot signals = plan.AddSlot();
        plan.Call(
            SystemCallNumber.signalfd4, new LaunchStep("signalfd", null, null), [-1, set, MaskSize, FileCalls.O_CLOEXEC], signals);

        int first = 3 + options.PreserveFds;
        List<int> slots = [signals.Index, plan.AddSlot(options.StartSocket!.Number).Index];
        if (program is { } executed) slots.Add(executed.Index);

        // ENOSYS: before Linux 5.9 they stay open until the start.
        plan.Add(
            OperationKind.CloseOthers, new LaunchStep("close-range", $"{first}-", null),
            [first, plan.Data<int>(slots.ToArray()), slots.Count], tolerated: Errno.ENOSYS);
        return signals;
    }

    /// <summary>Says that the container is created, and waits.</summary>
    public static void Await(LaunchPlan plan, LaunchOptions options, LaunchSlot signals)
    {
        plan.Add(OperationKind.Notify, new LaunchStep("send", "created", null), [LaunchReport.Ready, -1]);
        plan.Add(
            OperationKind.AwaitStart, new LaunchStep("wait", "for start", null),
            [options.StartSocket!.Number, signals]);
    }
}
