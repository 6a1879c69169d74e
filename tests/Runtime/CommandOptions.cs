namespace Container.Runtime.Tests;

/// <summary>How psrun is called beside its arguments.</summary>
public sealed record CommandOptions
{
    /// <summary>Global options.</summary>
    public string[] Global { get; init; } = [];

    public string Input { get; init; } = "";

    public string? Directory { get; init; }

    public Dictionary<string, string?> Environment { get; init; } = [];
}
