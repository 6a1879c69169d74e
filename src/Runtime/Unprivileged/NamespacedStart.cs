using System.Text;
using Container.Native.IdMapping;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Runtime.Unprivileged;

/// <summary>Starts psrun once more in another user namespace, as it has two threads and cannot enter one itself.</summary>
internal static class NamespacedStart
{
    /// <summary>
    /// Starts this program once more, as root of a new user namespace and a mount namespace that belongs to it.
    /// </summary>
    /// <param name="uids">The user ids of the namespace.</param>
    /// <param name="gids">Its group ids.</param>
    /// <param name="arguments">The arguments, without the program's own name.</param>
    /// <param name="wait">Whether to wait for its end, or only for its beginning.</param>
    /// <returns>The exit code; 0 if it was not waited for.</returns>
    public static int Run(
        IReadOnlyList<OciIdMapping> uids,
        IReadOnlyList<OciIdMapping> gids,
        IReadOnlyList<string> arguments,
        bool wait)
    {
        using LaunchedProcess process = Start(
            arguments, CloneArguments.CLONE_NEWUSER | CloneArguments.CLONE_NEWNS,
            static plan => plan.Add(
                OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, "id maps"), [0, 0, 0]));
        return Finish(
            process,
            () =>
            {
                IdMaps.Write(process.Pid, uids, gids, privileged: Users.geteuid() == 0);
                process.Release();
            },
            wait);
    }

    /// <summary>
    /// Starts this program once more, as root of the user namespace that a process is in, with a mount namespace of its
    /// own: there it has the rights over the namespaces of containers that were made from it (user_namespaces(7)).
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="arguments">The arguments, without the program's own name.</param>
    /// <param name="wait">Whether to wait for its end, or only for its beginning.</param>
    /// <returns>The exit code; 0 if it was not waited for.</returns>
    public static int RunWith(int pid, IReadOnlyList<string> arguments, bool wait)
    {
        using LaunchedProcess process = Start(arguments, 0, plan =>
        {
            LaunchSlot other = plan.AddSlot(plan.Own(ChildProcess.Open(pid)));
            plan.Call(
                SystemCallNumber.setns, new LaunchStep("setns", "the other monitor", "user"),
                [other, (nint)CloneArguments.CLONE_NEWUSER]);
            plan.Call(
                SystemCallNumber.unshare, new LaunchStep("unshare", null, "mount"), [(nint)CloneArguments.CLONE_NEWNS]);
        });
        return Finish(process, static () => { }, wait);
    }

    private static LaunchedProcess Start(IReadOnlyList<string> arguments, ulong flags, Action<LaunchPlan> enter)
    {
        const string self = "/proc/self/exe";
        LaunchPlan plan = new();
        try
        {
            plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
            enter(plan);
            ProgramSteps.BecomeRoot(plan);
            ProgramSteps.FindExecutable(plan, self, null);
            plan.Add(
                OperationKind.Execute, new LaunchStep("exec", self, null),
                [plan.Texts(["psrun", .. arguments]), plan.Texts(ReadEnvironment())]);
            return LaunchedProcess.Start(plan, flags, null);
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    private static int Finish(LaunchedProcess process, Action prepare, bool wait)
    {
        try
        {
            prepare();
            process.WaitUntilExecuted();
        }
        catch
        {
            process.Abandon();
            throw;
        }

        if (!wait) return 0;

        // It may be a monitor, and take as long as a container.
        Span<byte> room = stackalloc byte[4096];
        ResidentMemory.Wait([new pollfd { fd = process.PidFd.Number, events = Polling.POLLIN }], room);
        return ChildProcess.Wait(process.PidFd).Code;
    }

    private static string[] ReadEnvironment()
    {
        const string path = "/proc/self/environ";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        byte[] text = FileCalls.ReadAll(file, 16 << 20, path);
        return Encoding.UTF8.GetString(text).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
