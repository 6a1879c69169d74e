namespace Container.Engine.Host;

/// <summary>One requirement of the host and whether it is met.</summary>
public sealed record HostCheck
{
    /// <summary>The requirement, as in <c>UserNamespace</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is met.</summary>
    public bool Passed { get; init; }

    /// <summary>Containers cannot run without it; otherwise only a feature is missing.</summary>
    public bool Required { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do about it; null where it is met.</summary>
    public string? RecommendedAction { get; init; }
}
