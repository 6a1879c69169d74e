using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes ids of containers.</summary>
public sealed class ContainerIdCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        from container in engine.Containers.List()
        select new Candidate(container.Id, $"{container.Name} {container.State}");
}
