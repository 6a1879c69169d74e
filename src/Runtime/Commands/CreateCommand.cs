using Container.Runtime.Arguments;
using Container.Runtime.Creation;

namespace Container.Runtime.Commands;

/// <summary><c>psrun create [options] ID</c></summary>
internal sealed class CreateCommand : Command
{
    public override string Name => "create";

    public override string Summary => "make a container, which then waits for start";

    public override string Operands => "<container-id>";

    public override Option[] Options => CreationOptions.Known;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        CreationOptions options = new(arguments) { Detached = true, WaitsForStart = true };
        ContainerCreation.Create(global, options).Dispose();
        return 0;
    }
}
