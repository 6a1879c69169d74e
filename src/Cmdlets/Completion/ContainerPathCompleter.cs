using Container.Engine;
using Container.Native.Files;

namespace Container.Cmdlets.Completion;

/// <summary>Completes absolute paths in the container, or in the image, that the command line names.</summary>
public sealed class ContainerPathCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        int slash = request.Word.LastIndexOf('/');
        if (request.Word is not ['/', ..]) yield break;
        using CompletedRoot? root = CompletedRoot.TryOpen(engine, request);
        if (root is null) yield break;
        string directory = request.Word[..(slash + 1)];
        foreach (RootEntry entry in root.Entries(directory))
        {
            string path = directory + entry.Name;
            yield return new Candidate(path, $"{path} in {root.Origin}");
        }
    }
}
