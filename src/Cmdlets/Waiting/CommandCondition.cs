using Container.Cmdlets.Execution;
using Container.Engine;
using Container.Engine.Catalog;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Waiting;

/// <summary>A command in the container ends with exit code 0.</summary>
internal sealed class CommandCondition(string[] command) : WaitCondition
{
    public override string Description => $"command '{string.Join(' ', command)}'";

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        if (container.State != ContainerState.Running) return false;
        ExecOptions options = new() { Command = command };
        using ExecSession session = engine.Containers.Exec(container.Id, options, token);
        CommandPump pump = new(null, session.Stdout, session.Stderr, raw: true, _ => { }, token);
        pump.Finish();
        return session.Wait(token).ExitCode == 0;
    }
}
