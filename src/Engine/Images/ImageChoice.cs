using Container.Engine.Errors;

namespace Container.Engine.Images;

/// <summary>Which images of an archive are for this machine.</summary>
internal static class ImageChoice
{
    /// <summary>Whether a platform may be this machine's; what says nothing is.</summary>
    public static bool IsForThisMachine(ManifestDocument.PlatformDocument? platform) => platform is null
        || (platform.Os == "linux" && platform.Architecture == HostImage.CurrentArchitecture
            && ProcessorVariant.Rank(platform.Variant) >= 0);

    /// <summary>The entries of an index that are alternatives, the best for this machine first.</summary>
    public static IEnumerable<ManifestDocument.Descriptor> Ordered(IReadOnlyList<ManifestDocument.Descriptor> entries) =>
        entries.Count == 1
            ? entries
            : entries.Where(entry => IsForThisMachine(entry.Platform))
                .OrderBy(entry => entry.Platform is null)
                .ThenByDescending(entry => ProcessorVariant.Rank(entry.Platform?.Variant));

    /// <summary>
    /// The images that run here, by what their configurations say. One that stands alone is meant, whatever it says.
    /// </summary>
    public static IReadOnlyList<ArchivedImage> Of(IReadOnlyList<ArchivedImage> images)
    {
        if (images.Count < 2) return images;
        int best = images.Max(Fit);
        if (best == 0) return [];
        foreach (ArchivedImage other in images.Where(image => Fit(image) < best))
        {
            EngineWarning.Say(
                $"The image '{other}' of the archive was left out: it is for '{other.Document.Os}' on "
                + $"'{other.Document.Architecture}{other.Document.Variant}'.");
        }

        return [.. images.Where(image => Fit(image) == best).GroupBy(NameOf).SelectMany(BestVariant)];
    }

    private static int Fit(ArchivedImage image)
    {
        ImageDocument document = image.Document;
        if (document.Os.Length == 0 || document.Architecture.Length == 0) return 1;
        return document.Os == "linux" && document.Architecture == HostImage.CurrentArchitecture
            && ProcessorVariant.Rank(document.Variant) >= 0 ? 2 : 0;
    }

    private static string NameOf(ArchivedImage image) => string.Join('\n', image.Names.Order(StringComparer.Ordinal));

    // Images of one name, or of none, that differ in nothing are several.
    private static IEnumerable<ArchivedImage> BestVariant(IEnumerable<ArchivedImage> same)
    {
        ArchivedImage[] all = [.. same];
        return all.Length > 1 && all.DistinctBy(image => image.Document.Variant ?? "").Count() == all.Length
            ? [all.MaxBy(image => ProcessorVariant.Rank(image.Document.Variant))!]
            : all;
    }
}
