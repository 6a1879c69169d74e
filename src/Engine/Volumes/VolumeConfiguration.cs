namespace Container.Engine.Volumes;

/// <summary>What a volume is made from.</summary>
public sealed record VolumeConfiguration
{
    /// <summary>The one driver there is: a directory of the state root.</summary>
    public const string LocalDriver = "local";

    /// <summary>The name; a random id for an anonymous one where null.</summary>
    public string? Name { get; init; }

    /// <summary>What keeps it; only <c>local</c>.</summary>
    public string Driver { get; init; } = LocalDriver;

    /// <summary>Options of the driver: <c>nocopy</c>.</summary>
    public IReadOnlyDictionary<string, string>? Option { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Label { get; init; }

    /// <summary>The user id, as containers see it, that owns its directory.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id, as containers see it, that owns its directory.</summary>
    public uint Gid { get; init; }

    /// <summary>Most bytes it can hold; needs project quotas.</summary>
    public long? Size { get; init; }
}
