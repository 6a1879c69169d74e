using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>Something that happened: one line of the event log.</summary>
[JsonObject]
public sealed partial record MonitorEvent
{
    /// <summary>When it happened.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>What it happened to: container, image, volume or secret.</summary>
    public string Type { get; init; } = "container";

    /// <summary>What happened.</summary>
    public string Action { get; init; } = "";

    /// <summary>The id of the object.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its name then.</summary>
    public string? Name { get; init; }

    /// <summary>What else is to be known.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}
