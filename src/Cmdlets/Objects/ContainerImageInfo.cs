using Container.Engine.Images;

namespace Container.Cmdlets.Objects;

/// <summary>An image at the moment it was asked for.</summary>
public sealed class ContainerImageInfo : IComparable<ContainerImageInfo>, IComparable
{
    /// <summary>64 hexadecimal digits: the digest of its configuration.</summary>
    public required string Id { get; init; }

    /// <summary>Its first reference; the id where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>All its references, as in busybox:latest.</summary>
    public required string[] Reference { get; init; }

    /// <summary>The repository of its first reference.</summary>
    public string? Repository { get; init; }

    /// <summary>The tag of its first reference.</summary>
    public string? Tag { get; init; }

    /// <summary>The digest of its manifest, where it has one.</summary>
    public string? Digest { get; init; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Bytes of its layers, unpacked.</summary>
    public long Size { get; init; }

    /// <summary>The processor architecture it is for.</summary>
    public required string Architecture { get; init; }

    /// <summary>The operating system it is for.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>What starts the command.</summary>
    public required string[] EntryPoint { get; init; }

    /// <summary>The command where none is given.</summary>
    public required string[] Command { get; init; }

    /// <summary>Environment variables, as NAME=VALUE.</summary>
    public required string[] Environment { get; init; }

    /// <summary>The working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user.</summary>
    public string? User { get; init; }

    /// <summary>The signal that asks its containers to stop.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Label { get; init; }

    /// <summary>The digests of its layers, the lowest first.</summary>
    public required string[] Layer { get; init; }

    /// <inheritdoc/>
    public int CompareTo(ContainerImageInfo? other) => string.CompareOrdinal(Name, other?.Name);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as ContainerImageInfo);

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal static ContainerImageInfo From(ImageRecord record)
    {
        string? first = record.References.Count > 0 ? record.References[0] : null;
        int colon = first?.LastIndexOf(':') ?? -1;
        bool tagged = colon > (first?.LastIndexOf('/') ?? -1) && colon > 0;
        return new ContainerImageInfo
        {
            Id = record.Id,
            Name = first ?? record.Id,
            Reference = [.. record.References],
            Repository = tagged ? first![..colon] : first,
            Tag = tagged ? first![(colon + 1)..] : null,
            Digest = record.Digest.Length > 0 ? record.Digest : null,
            CreatedAt = record.CreatedAt.LocalDateTime,
            Size = record.Size,
            Architecture = record.Architecture,
            OperatingSystem = record.Os,
            EntryPoint = [.. record.Config.Entrypoint ?? []],
            Command = [.. record.Config.Command ?? []],
            Environment = [.. record.Config.Environment ?? []],
            WorkingDirectory = record.Config.WorkingDirectory,
            User = record.Config.User,
            StopSignal = record.Config.StopSignal,
            Label = record.Config.Labels ?? new Dictionary<string, string>(),
            Layer = [.. record.LayerDigests],
        };
    }
}
