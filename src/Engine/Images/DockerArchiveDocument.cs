namespace Container.Engine.Images;

/// <summary>One image of the manifest.json of <c>docker save</c>; the names are the file's.</summary>
internal sealed record DockerArchiveDocument
{
    public string Config { get; init => field = value ?? string.Empty; } = string.Empty;

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }
}
