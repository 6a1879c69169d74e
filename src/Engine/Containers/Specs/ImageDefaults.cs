namespace Container.Engine.Containers.Specs;

/// <summary>What an image says about the process to run in it.</summary>
internal sealed record ImageDefaults
{
    public static ImageDefaults None { get; } = new();

    /// <summary>The image is the built-in <c>host</c>.</summary>
    public bool IsHost { get; init; }

    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public string? User { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>Where the image wants data that outlives it.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];
}
