using System.Text;
using Container.Native.Launch;
using Container.Native.Programs;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Checkpoint;

/// <summary>The program criu: where it is, and what its log says when it fails.</summary>
internal sealed class Criu
{
    private const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int LogLimit = 64 * 1024 * 1024;

    private Criu(string path) => Executable = path;

    /// <summary>The program's path.</summary>
    public string Executable { get; }

    /// <summary>criu itself runs tools (ip, iptables), and engines call us without PATH.</summary>
    public static string[] Environment => [$"PATH={Path}"];

    private static string Path => System.Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path
        ? $"{path}:{SystemPath}"
        : SystemPath;

    /// <summary>The one of --criu, or the first in PATH.</summary>
    public static Criu Find(GlobalOptions global)
    {
        if (global.Criu is { Length: > 0 } given && given.Contains('/', StringComparison.Ordinal))
        {
            string path = HostPath.Absolute(given);
            return FileCalls.Exists(path) ? new Criu(path) : throw new RuntimeException($"--criu: '{given}' does not exist");
        }

        string name = global.Criu is { Length: > 0 } other ? other : "criu";
        foreach (string directory in Path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileCalls.Exists($"{directory}/{name}")) return new Criu($"{directory}/{name}");
        }

        throw new RuntimeException(
            $"{name} is not installed: install the package criu, or give the program's path with --criu");
    }

    /// <summary>Runs it to its end.</summary>
    public void Run(CriuPaths paths, string verb, IReadOnlyList<string> arguments)
    {
        ProgramResult result = new HostProgram().Run(Executable, [Executable, verb, .. arguments], Environment, []);
        if (result.Status?.Code != 0) throw Failure(paths, verb, result.Output);
    }

    /// <summary>Runs it as a service, which a terminal needs.</summary>
    public void Serve(CriuPaths paths, string verb, IReadOnlyList<string> arguments)
    {
        using CriuService service = new();
        LaunchPlan plan = new();
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        ProgramSteps.FindExecutable(plan, Executable, Environment);
        ProgramSteps.CloseDescriptors(plan, 0);
        service.Pass(plan);
        plan.Add(
            OperationKind.Execute, new LaunchStep("exec", Executable, null),
            [plan.Texts(service.Command(this)), plan.Texts(Environment)]);
        service.Run(plan, null, paths, verb, arguments);
    }

    /// <summary>What to tell of a failure.</summary>
    public static RuntimeException Failure(CriuPaths paths, string verb, string output)
    {
        string log = $"{paths.Work}/{verb}.log";
        return new RuntimeException($"criu {verb}: {FindError(log) ?? output.Trim()} (see {log})");
    }

    private static string? FindError(string log)
    {
        if (!FileCalls.Exists(log)) return null;
        using FileDescriptor file = FileCalls.Open(log, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
        string? last = null;
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, LogLimit, log)).Split('\n'))
        {
            // The last line that says why; those after it say only that nothing came of it.
            int error = line.IndexOf("Error (", StringComparison.Ordinal);
            if (error >= 0 && !line.Contains("failed with", StringComparison.Ordinal)
                && !line.Contains("FAILED", StringComparison.Ordinal))
                last = line[error..];
        }

        return last;
    }
}
