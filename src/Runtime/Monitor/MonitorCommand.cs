using System.Text;
using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Security;
using Container.Native.Syscalls;
using Container.Runtime.OwnProcess;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// <c>psrun monitor --directory DIR [--plan] [--write-protected]</c>: owns one container of the module. It is ready
/// when it has written <c>ready</c> to standard output.
/// </summary>
internal static class MonitorCommand
{
    private const int StartMilliseconds = 60_000;

    /// <summary>Runs the monitor to the container's end; returns the exit code.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? directory = null;
        bool plan = false;
        bool writeProtected = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--plan") plan = true;
            else if (arguments[i] == "--write-protected") writeProtected = true;
            else if (arguments[i] == "--directory" && i + 1 < arguments.Length) directory = arguments[++i];
            else return Fail($"unknown argument '{arguments[i]}'");
        }

        if (directory is null) return Fail("--directory is missing");
        try
        {
            if (plan) return PrintPlan(directory);
            if (writeProtected) SelfExecutable.RequireWriteProtection();
            Watch(directory.TrimEnd('/'));
            return 0;
        }
        catch (Exception failure) when (MonitorFailure.IsExpected(failure))
        {
            return Fail(failure.Message);
        }
    }

    private static void Watch(string directory)
    {
        BackgroundProcess.Detach("psrun-monitor");
        using MonitorLoop loop = new();
        using MonitoredContainer container = new(loop, directory, ProtectFromMemoryShortage());
        container.Listen();
        BackgroundProcess.SayReady();

        // The client connects meanwhile.
        container.Prepare();
        using OneShotTimer? patience = container.IsHeld ? null : new(StartMilliseconds, container.GiveUp);
        if (patience is not null) loop.Add(patience);
        loop.Run(container.IsOver);
        OwnerRemoval.Run(directory);
    }

    /// <summary>
    /// A monitor that the kernel kills for want of memory takes its container along, for all its few pages. Returns
    /// what was set before, which the container is to have; null if nothing was changed.
    /// </summary>
    private static int? ProtectFromMemoryShortage()
    {
        const string path = "/proc/self/oom_score_adj";
        try
        {
            using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDWR);
            _ = int.TryParse(Encoding.ASCII.GetString(FileCalls.ReadAll(file, 64, path)).Trim(), out int before);
            FileCalls.WriteAll(file.Number, "-1000"u8, path);
            return before;
        }
        catch (SystemCallException)
        {
            // Not permitted: then it stays as it is, for the container too.
            return null;
        }
    }

    private static int PrintPlan(string directory)
    {
        ContainerSetting setting = ContainerSetting.Read(directory);
        LaunchOptions options = setting.CreateOptions(null, new MonitoredLife(setting));
        using LaunchPlan plan = InitCompiler.Compile(setting.Spec, options).Plan;
        Say(1, plan.ToString());
        return 0;
    }

    private static int Fail(string message)
    {
        Say(2, $"psrun monitor: {message}\n");
        return 1;
    }

    private static void Say(int descriptor, string text) =>
        FileCalls.WriteAll(descriptor, Encoding.UTF8.GetBytes(text), "standard output");
}
