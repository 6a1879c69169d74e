namespace Container.Engine.Secrets;

/// <summary>A secret, without its value.</summary>
public sealed record SecretRecord
{
    /// <summary>The driver that there is.</summary>
    public const string FileDriver = "file";

    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What keeps it: always <c>file</c>, readable by the engine's user only.</summary>
    public string Driver { get; init; } = FileDriver;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of its value.</summary>
    public long Length { get; init; }

    /// <summary>Labels: for the user to find things by, never interpreted.</summary>
    public IReadOnlyDictionary<string, string>? Label { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
