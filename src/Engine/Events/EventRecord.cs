namespace Container.Engine.Events;

/// <summary>Something that happened.</summary>
public sealed record EventRecord
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>To what.</summary>
    public EventKind Kind { get; init; }

    /// <summary>What.</summary>
    public EventAction Action { get; init; }

    /// <summary>The id of the object.</summary>
    public required string Id { get; init; }

    /// <summary>Its name then.</summary>
    public string? Name { get; init; }

    /// <summary>What else is to be known, such as exitCode.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}
