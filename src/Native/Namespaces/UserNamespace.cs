using System.Text;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>The user namespace this process is in, and the way into another one (user_namespaces(7)).</summary>
internal static class UserNamespace
{
    private const int Limit = 64 * 1024;
    private static bool? isInitial;

    /// <summary>Whether it is the host's, where every id is itself.</summary>
    public static bool IsInitial => isInitial ??= Read();

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
        const string self = "/proc/self/exe";
        LaunchPlan plan = new();
        LaunchedProcess process;
        try
        {
            plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
            plan.Add(OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, "id maps"), [0, 0, 0]);
            NamespaceCompiler.BecomeRoot(plan);
            ProcessCompiler.FindExecutable(plan, self, null);
            plan.Add(
                OperationKind.Execute, new LaunchStep("exec", self, null),
                [plan.Texts(["psrun", .. arguments]), plan.Texts(ReadEnvironment())]);
            process = LaunchedProcess.Start(plan, CloneArguments.CLONE_NEWUSER | CloneArguments.CLONE_NEWNS, null);
        }
        catch
        {
            plan.Dispose();
            throw;
        }

        using (process)
        {
            try
            {
                IdMaps.Write(process.Pid, uids, gids, privileged: Users.geteuid() == 0);
                process.Release();
                process.WaitUntilExecuted();
            }
            catch
            {
                process.Abandon();
                throw;
            }

            return wait ? ChildProcess.Wait(process.PidFd).Code : 0;
        }
    }

    private static string[] ReadEnvironment()
    {
        const string path = "/proc/self/environ";
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        byte[] text = Files.ReadAll(file, 16 << 20, path);
        return Encoding.UTF8.GetString(text).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool Read()
    {
        const string path = "/proc/self/uid_map";
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        string[] numbers = Encoding.ASCII.GetString(Files.ReadAll(file, Limit, path))
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return numbers is ["0", "0", "4294967295"];
    }
}
