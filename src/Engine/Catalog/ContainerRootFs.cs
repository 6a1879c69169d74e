namespace Container.Engine.Catalog;

/// <summary>Where a container's root filesystem comes from.</summary>
internal sealed record ContainerRootFs
{
    /// <summary>Layers, the top one first.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>A directory that is used as it is.</summary>
    public string? Path { get; init; }

    /// <summary>The built-in image.</summary>
    public bool Host { get; init; }

    /// <summary>Show the layers with the container's ids.</summary>
    public bool IdMap { get; init; }
}
