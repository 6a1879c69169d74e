using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes ids of images.</summary>
public sealed class ImageIdCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        engine.Images.List().Select(image => new Candidate(image.Id, string.Join(' ', image.References)));
}
