using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of containers; those that the cmdlet can do something with.</summary>
public sealed class ContainerNameCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        from container in engine.Containers.List()
        where Fits(Verb(request.CommandName), container.State)
        select new Candidate(container.Name, $"{container.ImageName} {container.State}");

    private static string Verb(string commandName) => commandName.Split('-')[0].ToLowerInvariant() switch
    {
        "sactr" => "start",
        "spctr" => "stop",
        "etctr" => "enter",
        "ictr" => "invoke",
        var verb => verb,
    };

    private static bool Fits(string verb, ContainerState state) => verb switch
    {
        "start" or "initialize" =>
            state is ContainerState.Created or ContainerState.Initialized or ContainerState.Exited,
        "stop" => state is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting,
        "resume" => state is ContainerState.Paused,
        "enter" or "invoke" or "suspend" or "connect" or "measure" or "send" => state is ContainerState.Running,
        _ => true,
    };
}
