using Container.Native.Cgroups.Hierarchies;
using Container.Native.Hooks;
using Container.Native.IdMapping;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Security;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Arguments;
using Container.Runtime.Commands;
using Container.Runtime.Messages;
using Container.Runtime.Monitor;
using Container.Runtime.OwnProcess;
using Container.Runtime.Unprivileged;

namespace Container.Runtime;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        InheritedState.Reset();
        Log log = new(null, json: false);
        int failureCode = 1;
        if (SelfExecutable.HasRightsOfItsFile)
        {
            log.Error("psrun must not be installed setuid, setgid or with file capabilities");
            return failureCode;
        }

        if (arguments is ["monitor", ..]) return MonitorCommand.Run(arguments.AsSpan(1));
        if (arguments is ["files", ..]) return FilesCommand.Run(arguments.AsSpan(1));
        if (arguments is ["unshare", ..]) return UnshareCommand.Run(arguments.AsSpan(1));
        try
        {
            return Run(arguments, ref log, ref failureCode);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            log.Error(failure.Message);
            return failureCode;
        }
    }

    private static int Run(string[] arguments, ref Log log, ref int failureCode)
    {
        int index = 0;
        ParsedArguments parsed = ArgumentParser.Parse(arguments, ref index, GlobalOptions.Known, operandsBeforeEnd: 0);
        if (parsed.Flag("version")) return Print(VersionText.Get());
        if (parsed.Flag("help")) return Print(Usage.OfProgram());
        GlobalOptions global = new(parsed);
        log = global.Log;
        if (index == arguments.Length) throw new UsageException("no command is given: see 'psrun --help'");
        string verb = arguments[index++];
        if (verb == "help") return Print(Usage.Of(arguments.AsSpan(index)));
        Command command = CommandTable.Find(verb) ?? throw Unknown(verb, arguments.AsSpan(index));
        failureCode = command.FailureCode;

        Option[] options = [.. command.Options, new Option("help", "print this text", 'h')];
        ParsedArguments own = ArgumentParser.Parse(arguments, ref index, options, command.OperandsBeforeEnd);
        if (own.Flag("help")) return Print(Usage.Of(command));
        if (own.Operands.Count < command.LeastOperands)
            throw new UsageException($"{verb} needs {command.Operands}");
        if (own.Operands.Count > command.MostOperands)
            throw new UsageException($"{verb}: '{own.Operands[command.MostOperands]}' is too much");
        log.Debug($"psrun {BuildInformation.Version}: {verb} {(own.Operands.Count > 0 ? own.Operands[0] : null)}");
        int code = command.Run(global, own);
        log.Debug($"{verb}: exit code {code}");
        return code;
    }

    private static UsageException Unknown(string verb, ReadOnlySpan<string> rest) =>
        rest is ["-h" or "--help", ..] ? Usage.NoTopic(verb) : new UsageException($"unknown command '{verb}'");

    private static int Print(string text)
    {
        Output.Write(text);
        return 0;
    }

    private static bool IsExpected(Exception failure) => failure is
        UsageException or RuntimeException or SystemCallException or DocumentException or LaunchException or HookException
        or CgroupException or SeccompException or IdMapException or UntrustedPathException;
}
