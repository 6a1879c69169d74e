using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Container.Engine.Errors;

namespace Container.Engine.Images;

/// <summary>A name of an image: "[registry/]name[:tag][@digest]".</summary>
/// <param name="Name">Registry and name.</param>
/// <param name="Tag">The tag; "latest" where none is written.</param>
/// <param name="Digest">"sha256:…", where one is written.</param>
public sealed partial record ImageReference(string Name, string Tag, string? Digest)
{
    private const int MaximumLength = 255;
    private const int MaximumTextLength = 512;

    /// <summary>Reads a reference.</summary>
    public static ImageReference Parse(string text) =>
        TryParse(text, out ImageReference? reference)
            ? reference
            : throw new EngineException(
                ErrorId.InvalidReference,
                $"'{text}' is no image reference.",
                "Write name:tag in lower case, for example 'busybox:latest' or 'registry.example.com/team/app:1.2'.",
                text);

    /// <summary>Reads a reference, if it is one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaximumTextLength) return false;
        Match match = Pattern.Match(text);
        if (!match.Success || match.Groups["name"].Length > MaximumLength) return false;
        string tag = match.Groups["tag"].Success ? match.Groups["tag"].Value : "latest";
        reference = new ImageReference(
            match.Groups["name"].Value, tag, match.Groups["digest"].Success ? match.Groups["digest"].Value : null);
        return true;
    }

    /// <summary>"name:tag", the form the store keeps.</summary>
    public string Canonical => Name + ":" + Tag;

    /// <inheritdoc/>
    public override string ToString() => Digest is null ? Canonical : Canonical + "@" + Digest;

    // The grammar of the distribution specification: only the registry may hold capitals and a port.
    [GeneratedRegex(
        @"\A(?<name>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
        + @"[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*)*)"
        + @"(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern { get; }
}
