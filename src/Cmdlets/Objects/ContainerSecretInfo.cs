using System.Security;
using Container.Engine.Secrets;

namespace Container.Cmdlets.Objects;

/// <summary>A secret; its value only where it was asked for.</summary>
public sealed class ContainerSecretInfo : IComparable<ContainerSecretInfo>, IComparable
{
    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What keeps it: file.</summary>
    public required string Driver { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Bytes of its value.</summary>
    public long Length { get; init; }

    /// <summary>The containers that use it.</summary>
    public required string[] Container { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Label { get; init; }

    /// <summary>Its value, with Get-ContainerSecret -Value.</summary>
    public SecureString? Value { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerSecretInfo? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerSecretInfo);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ContainerSecretInfo From(
        SecretRecord record, IReadOnlyList<string> users, SecureString? value = null) => new()
        {
            Name = record.Name,
            Driver = record.Driver,
            CreatedAt = record.CreatedAt.LocalDateTime,
            Length = record.Length,
            Container = [.. users],
            Label = record.Label ?? new Dictionary<string, string>(),
            Value = value,
        };
}
