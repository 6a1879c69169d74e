using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes users of the container, or of the image, that the command line names: its /etc/passwd.</summary>
public sealed class UserCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        using CompletedRoot? root = CompletedRoot.TryOpen(engine, request);
        if (root is null) yield break;
        foreach (string line in root.Lines("/etc/passwd"))
        {
            if (line.Split(':') is [{ Length: > 0 } name, _, var uid, ..])
                yield return new Candidate(name, $"{uid} in {root.Origin}");
        }
    }
}
