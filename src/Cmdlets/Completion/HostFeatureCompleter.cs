using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of the host's checks.</summary>
public sealed class HostFeatureCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        engine.Host.Test().Select(check => new Candidate(check.Name, check.Detail));
}
