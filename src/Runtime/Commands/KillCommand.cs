using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun kill [--all] ID [SIGNAL]</c></summary>
internal sealed class KillCommand : Command
{
    public override string Name => "kill";

    public override string Summary => "send a signal (default: SIGTERM) to the first process of a container";

    public override string Operands => "<container-id> [signal]";

    public override Option[] Options =>
    [
        new("all", "send it to all processes of the container", 'a'),
        new("regex", "the id is a regular expression: all containers that it matches", 'r'),
    ];

    public override int MostOperands => 2;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        int signal = arguments.Operands.Count > 1 ? SignalNames.Parse(arguments.Operands[1]) : SignalNames.Terminate;
        List<string> ids = ContainerList.Select(global, arguments, arguments.Operands[0]);
        ContainerList.ForEach(ids, global.Log, id => Kill(global, id, signal, arguments.Flag("all")));
        return 0;
    }

    private static void Kill(GlobalOptions global, string id, int signal, bool all)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, id);
        global.Log.Debug($"signal {signal} to {(all ? "all processes" : "the first process")}");
        if (all) ContainerSignal.SendToAll(directory, signal);
        else if (!ContainerSignal.Send(directory, signal))
            throw new RuntimeException($"'{directory.Id}': container not running");
    }
}
