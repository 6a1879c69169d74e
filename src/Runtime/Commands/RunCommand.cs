using Container.Native.Hooks;
using Container.Native.Processes;
using Container.Runtime.Arguments;
using Container.Runtime.Creation;

namespace Container.Runtime.Commands;

/// <summary><c>psrun run [options] ID</c></summary>
internal sealed class RunCommand : Command
{
    public override string Name => "run";

    public override string Summary => "make a container, run its program and remove it when that ends";

    public override string Operands => "<container-id>";

    public override Option[] Options =>
    [
        .. CreationOptions.Known,
        new("detach", "do not wait for the program", 'd'),
        new("keep", "do not remove the container when its program ends"),
    ];

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        CreationOptions options = new(arguments) { Detached = arguments.Flag("detach") };
        using ContainerCreation creation = ContainerCreation.Create(global, options);
        try
        {
            creation.Hooks.RunPoststart();
        }
        catch (HookException)
        {
            // "the runtime MUST generate an error, stop the container" (runtime.md, "Lifecycle", step 9).
            creation.Undo();
            throw;
        }

        creation.Unlock();
        if (creation.Foreground is not { } foreground)
        {
            creation.Notify?.Wait(creation.Process.PidFd, creation.Process.Pid);
            return 0;
        }

        ExitStatus status = foreground.Wait(creation.Process, options.ConsoleSocket is null, creation.Notify);
        global.Log.Debug($"the program ended with {status.Code}");
        if (!arguments.Flag("keep")) creation.Remove();
        return status.Code;
    }
}
