namespace Container.Runtime.Tests;

/// <summary>How psrun is called beside its arguments.</summary>
public sealed record CommandOptions
{
    /// <summary>Global options.</summary>
    public string[] Global { get; init; } = [];

    /// <summary>How many descriptors it may have; 0 is as many as we.</summary>
    public int DescriptorLimit { get; init; }

    public string Input { get; init; } = "";

    public string? Directory { get; init; }

    public Dictionary<string, string?> Environment { get; init; } = [];
}
