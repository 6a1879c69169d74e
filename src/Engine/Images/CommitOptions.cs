namespace Container.Engine.Images;

/// <summary>What an image that is made of a container is like.</summary>
public sealed record CommitOptions
{
    /// <summary>The image's name.</summary>
    public string? Reference { get; init; }

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>What it is.</summary>
    public string? Message { get; init; }

    /// <summary>Changes of its configuration, in the words of a Dockerfile.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>Pause the container meanwhile, so that it changes no file while it is read.</summary>
    public bool Pause { get; init; } = true;

    /// <summary>Make one layer of all.</summary>
    public bool Squash { get; init; }

    internal string? CreatedBy { get; init; }
}
