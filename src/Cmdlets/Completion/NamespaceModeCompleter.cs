using Container.Engine;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Completion;

/// <summary>Completes where a namespace can come from.</summary>
public sealed class NamespaceModeCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        yield return new Candidate(nameof(NamespaceMode.Private), "of the container's own");
        yield return new Candidate(nameof(NamespaceMode.Host), "the host's");
        foreach (ContainerRecord container in engine.Containers.List())
        {
            if (container.State != ContainerState.Running) continue;
            yield return new Candidate(NamespaceMode.Of(container.Name).ToString(), $"that of {container.Name}");
        }
    }
}
