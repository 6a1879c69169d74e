using System.Globalization;
using System.Text;
using Container.Native.Files;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Checkpoint;
using Container.Runtime.Creation;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun restore [options] ID</c></summary>
internal sealed class RestoreCommand : Command
{
    public override string Name => "restore";

    public override string Summary => "make a container of what checkpoint saved, by criu";

    public override string Operands => "<container-id>";

    public override Option[] Options =>
    [
        .. CriuOptions.Common,
        new("bundle", "directory of the bundle (default: the current one)", 'b', "DIR"),
        new("config", "the configuration (default: config.json of the bundle)", 'f', "FILE"),
        new("console-socket", "unix socket that receives the terminal's master", Value: "PATH"),
        new("detach", "do not wait for the program", 'd'),
        new("pid-file", "file for the process id", Value: "FILE"),
        new("no-subreaper", "accepted for compatibility: psrun never is one"),
        new("no-pivot", "accepted for compatibility: criu sets the root"),
        new("lsm-profile", "label of the processes", Value: "TYPE:NAME"),
        new("lsm-mount-context", "label of the mounts", Value: "CONTEXT"),
    ];

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        CreationOptions options = new(arguments) { Detached = arguments.Flag("detach") };
        ContainerRestoration restoration = new(global, options, arguments);
        (ContainerDirectory directory, ContainerLock held) = restoration.Run();
        using FileDescriptor? master = restoration.Terminal;
        using FileDescriptor process = ChildProcess.Open(directory.State.Pid);
        try
        {
            WritePid(options.PidFile, directory.State.Pid);
        }
        catch
        {
            ContainerRemoval.Remove(directory, global.Log);
            throw;
        }

        held.Dispose();
        if (options.Detached) return 0;
        using Foreground foreground = new();
        ExitStatus status = foreground.Wait(process, master, servesTerminal: options.ConsoleSocket is null);
        StoredState own = directory.State;
        using ContainerLock? again = directory.TryLock(global.Root);
        if (again is not null && directory.State.IsSameProcess(own)) ContainerRemoval.Remove(directory, global.Log);
        return status.Code;
    }

    private static void WritePid(string? file, int pid)
    {
        if (file is null) return;
        AtomicFile.Write(file, Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0x1A4, flush: false);
    }
}
