using Container.Engine;
using Container.Engine.Images;

namespace Container.Cmdlets.Completion;

/// <summary>Completes references of images without <c>:latest</c>, and ids after two digits.</summary>
public sealed class ImageReferenceCompleter : CompleterBase
{
    private const string Latest = ":latest";

    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        foreach (ImageRecord image in engine.Images.List())
        {
            foreach (string reference in image.References)
            {
                yield return new Candidate(
                    reference.EndsWith(Latest, StringComparison.Ordinal) ? reference[..^Latest.Length] : reference,
                    image.Id);
            }

            if (request.Word.Length >= 2) yield return new Candidate(image.Id, string.Join(' ', image.References));
        }
    }
}
