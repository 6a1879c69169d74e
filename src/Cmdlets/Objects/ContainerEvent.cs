using Container.Engine.Events;

namespace Container.Cmdlets.Objects;

/// <summary>Something that happened to a container, an image, a volume or a secret.</summary>
public sealed class ContainerEvent : IComparable<ContainerEvent>, IComparable
{
    /// <summary>When.</summary>
    public DateTime Timestamp { get; init; }

    /// <summary>To what.</summary>
    public EventKind Type { get; init; }

    /// <summary>What.</summary>
    public EventAction Action { get; init; }

    /// <summary>The object's name then.</summary>
    public string? Name { get; init; }

    /// <summary>The object's id.</summary>
    public required string Id { get; init; }

    /// <summary>What else is to be known, such as exitCode.</summary>
    public required IReadOnlyDictionary<string, string> Attribute { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerEvent? other) => Timestamp.CompareTo(other?.Timestamp ?? default);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerEvent);

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Action} {Name}";

    internal static ContainerEvent From(EventRecord record) => new()
    {
        Timestamp = record.Time.LocalDateTime,
        Type = record.Kind,
        Action = record.Action,
        Name = record.Name,
        Id = record.Id,
        Attribute = record.Attributes,
    };
}
