using System.Text.Json.Serialization;

namespace Container.Engine.Volumes;

/// <summary>A volume: a directory of the engine's whose content outlives containers.</summary>
public sealed record VolumeRecord
{
    /// <summary>Its unique name; 64 hexadecimal digits for one that nobody named.</summary>
    public required string Name { get; init; }

    /// <summary>Whether nobody named it: it goes with its container.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>What keeps it: always <c>local</c>.</summary>
    public string Driver { get; init; } = VolumeConfiguration.LocalDriver;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Labels: for the user to find things by, never interpreted.</summary>
    public IReadOnlyDictionary<string, string>? Label { get; init; }

    /// <summary>The user id, as containers see it, that its directory was made with.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id, as containers see it, that its directory was made with.</summary>
    public uint Gid { get; init; }

    /// <summary>Most bytes it can hold; null without a limit.</summary>
    public long? Size { get; init; }

    /// <summary>Whether the content of an image is not to be copied into it.</summary>
    public bool NoCopy { get; init; }

    /// <summary>The directory with its content, on the host.</summary>
    [JsonIgnore]
    public string Path { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
