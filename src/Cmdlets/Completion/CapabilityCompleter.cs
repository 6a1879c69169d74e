using Container.Engine;
using Container.Native.Security;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of capabilities, with and without their prefix.</summary>
public sealed class CapabilityCompleter : CompleterBase
{
    private const string Prefix = "CAP_";

    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        bool isWhole = request.Word.StartsWith(Prefix[..^1], StringComparison.OrdinalIgnoreCase);
        return CapabilitySet.Supported.Names.Append("ALL").Select(
            name => new Candidate(isWhole ? name : name.Replace(Prefix, "", StringComparison.Ordinal), name));
    }
}
