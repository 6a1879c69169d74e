namespace Container.Engine.Events;

/// <summary>Which events to read.</summary>
public sealed record EventOptions
{
    /// <summary>Only what happened at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what happened before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only what happened to the object of this id.</summary>
    internal string? Id { get; init; }

    /// <summary>Go on as things happen; without <see cref="Since"/> from now on.</summary>
    public bool Follow { get; init; }
}
