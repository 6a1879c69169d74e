using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of secrets.</summary>
public sealed class SecretNameCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        engine.Secrets.List().Select(secret => new Candidate(secret.Name, $"{secret.Length} bytes"));
}
