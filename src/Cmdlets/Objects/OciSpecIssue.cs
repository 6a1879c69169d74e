namespace Container.Cmdlets.Objects;

/// <summary>Why an OCI configuration cannot be used.</summary>
public sealed class OciSpecIssue : IComparable<OciSpecIssue>, IComparable
{
    /// <summary>The file; null for an object.</summary>
    public string? File { get; init; }

    /// <summary>The JSON path of what is wrong; null where it is the document as a whole.</summary>
    public string? JsonPath { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <inheritdoc/>
    public int CompareTo(OciSpecIssue? other) => string.CompareOrdinal(JsonPath, other?.JsonPath);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as OciSpecIssue);

    /// <inheritdoc/>
    public override string ToString() => Message;
}
