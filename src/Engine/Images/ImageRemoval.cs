namespace Container.Engine.Images;

/// <summary>What removing an image did.</summary>
/// <param name="Untagged">The references that are gone.</param>
/// <param name="Deleted">The image's id and the digests of layers that are gone; empty if it keeps other names.</param>
public sealed record ImageRemoval(IReadOnlyList<string> Untagged, IReadOnlyList<string> Deleted);
