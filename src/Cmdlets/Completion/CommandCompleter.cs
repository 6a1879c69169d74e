using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes programs of the container, or of the image, that the command line names.</summary>
public sealed class CommandCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        if (request.Word is ['/', ..])
        {
            foreach (Candidate path in new ContainerPathCompleter().Find(engine, request)) yield return path;
            yield break;
        }

        using CompletedRoot? root = CompletedRoot.TryOpen(engine, request);
        if (root is null) yield break;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string directory in root.ProgramDirectories)
        {
            foreach (string program in root.Entries(directory).Select(entry => entry.Name).Where(seen.Add))
            {
                yield return new Candidate(program, $"{directory}/{program} in {root.Origin}");
            }
        }
    }
}
