using System.Globalization;
using System.Text;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Namespaces;

/// <summary>The user namespace this process is in, and the way into another one (user_namespaces(7)).</summary>
internal static class UserNamespace
{
    private const int Limit = 64 * 1024;
    private static bool? isInitial;

    /// <summary>Whether it is the host's, where every id is itself.</summary>
    public static bool IsInitial => isInitial ??= ReadMap() is [0, 0, uint.MaxValue];

    /// <summary>Whether the namespace has a user of this id.</summary>
    public static bool HasUser(uint id)
    {
        uint[] map = ReadMap();
        for (int i = 0; i + 2 < map.Length; i += 3)
        {
            if (id >= map[i] && id - map[i] < map[i + 2]) return true;
        }

        return false;
    }

    /// <summary>Whether this process may do what only root of the host may.</summary>
    public static bool IsRootOfHost => Users.geteuid() == 0 && IsInitial;

    /// <summary>
    /// Starts this program once more, as root of a new user namespace and a mount namespace that belongs to it. A
    /// program cannot enter them itself, as it has two threads.
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
            NamespaceCompiler.BecomeRoot(plan);
            ProcessCompiler.FindExecutable(plan, self, null);
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
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        byte[] text = Files.ReadAll(file, 16 << 20, path);
        return Encoding.UTF8.GetString(text).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    // For each range the first id inside, the first outside, and how many.
    private static uint[] ReadMap()
    {
        const string path = "/proc/self/uid_map";
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        string[] numbers = Encoding.ASCII.GetString(Files.ReadAll(file, Limit, path))
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(numbers, static number => uint.Parse(number, CultureInfo.InvariantCulture));
    }
}
