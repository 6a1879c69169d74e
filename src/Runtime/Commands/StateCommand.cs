using Container.Native.Json;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun state ID</c></summary>
internal sealed class StateCommand : Command
{
    public override string Name => "state";

    public override string Summary => "print the state of a container";

    public override string Operands => "<container-id>";

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerReport report = new(ContainerDirectory.Open(global.Root, arguments.Operands[0]));
        Output.Write(JsonSink.Document(report, indented: true));
        Output.Write("\n"u8);
        return 0;
    }
}
