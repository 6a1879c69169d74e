using Container.Engine;
using Container.Native.Security;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of capabilities.</summary>
public sealed class CapabilityCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        CapabilitySet.Supported.Names.Append("ALL").Select(name => new Candidate(name, name));
}
