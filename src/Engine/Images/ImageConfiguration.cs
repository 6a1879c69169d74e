using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>What an image says about how to run it: the "config" of the OCI image specification.</summary>
public sealed record ImageConfiguration
{
    /// <summary>The user and group: name or number, "user:group".</summary>
    [JsonPropertyName("User")]
    public string? User { get; init; }

    /// <summary>Ports the image listens on: "80/tcp".</summary>
    [JsonPropertyName("ExposedPorts")]
    public IReadOnlyDictionary<string, ImageEmptyObject>? ExposedPortSet { get; init; }

    /// <summary>Environment: "NAME=value".</summary>
    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>The command's fixed beginning.</summary>
    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The command's default rest.</summary>
    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Directories whose data outlives a container.</summary>
    [JsonPropertyName("Volumes")]
    public IReadOnlyDictionary<string, ImageEmptyObject>? VolumeSet { get; init; }

    /// <summary>The directory the command starts in.</summary>
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDirectory { get; init; }

    /// <summary>Labels.</summary>
    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The signal that asks the command to end.</summary>
    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    /// <summary>Ports the image listens on: "80/tcp".</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ExposedPorts => ExposedPortSet is null ? [] : [.. ExposedPortSet.Keys];

    /// <summary>Directories whose data outlives a container.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Volumes => VolumeSet is null ? [] : [.. VolumeSet.Keys];
}
