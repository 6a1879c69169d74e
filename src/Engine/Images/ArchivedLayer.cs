namespace Container.Engine.Images;

/// <summary>A layer's place in an archive.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Digest">The digest of the file as it is, compressed or not, where the archive says it.</param>
/// <param name="Size">Its length, where the archive says it.</param>
internal sealed record ArchivedLayer(string Name, string? Digest, long? Size);
