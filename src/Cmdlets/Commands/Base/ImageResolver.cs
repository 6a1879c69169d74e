using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>From what the user wrote to the images that are meant.</summary>
internal static class ImageResolver
{
    /// <summary>
    /// Finds images by reference with wildcards, of which the tag may be left out, by id, or by a unique prefix of one.
    /// A wildcard without a match is silent; a literal without one is an error, and the others go on.
    /// </summary>
    public static IEnumerable<ImageRecord> Resolve(ContainerCmdlet cmdlet, IEnumerable<string> wanted)
    {
        foreach (string text in wanted)
        {
            if (WildcardPattern.ContainsWildcardCharacters(text))
            {
                WildcardPattern pattern = Wildcards.Exact(text);
                IReadOnlyList<ImageRecord> all = cmdlet.Attempt(text, cmdlet.Engine.Images.List) ?? [];
                foreach (ImageRecord image in all)
                {
                    ImageRecord matching = Preferring(image, reference => Matches(pattern, reference));
                    bool matches = image.References.Count > 0 && Matches(pattern, matching.References[0]);
                    if (text == "*" || matches) yield return matching;
                }
            }
            else if (cmdlet.Attempt(text, () => cmdlet.Engine.Images.Resolve(text)) is { } found)
            {
                yield return Preferring(found, reference => reference == text || WithoutTag(reference) == text);
            }
        }
    }

    /// <summary>The image with those of its references that the text names; with all where it is an id.</summary>
    public static ImageRecord Narrow(ImageRecord image, string text)
    {
        Func<string, bool> isNamed = WildcardPattern.ContainsWildcardCharacters(text)
            ? reference => Matches(Wildcards.Exact(text), reference)
            : reference => ImageReference.TryParse(text, out ImageReference? wanted) && wanted.Canonical == reference;
        string[] named = [.. image.References.Where(isNamed)];
        return named.Length > 0 ? image with { References = named } : image;
    }

    private static bool Matches(WildcardPattern pattern, string reference) =>
        pattern.IsMatch(reference) || pattern.IsMatch(WithoutTag(reference));

    /// <summary>An image of several names is shown by the one it was asked for with.</summary>
    private static ImageRecord Preferring(ImageRecord image, Func<string, bool> asked) =>
        image with { References = [.. image.References.OrderBy(reference => asked(reference) ? 0 : 1)] };

    private static string WithoutTag(string reference)
    {
        int colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? reference[..colon] : reference;
    }
}
