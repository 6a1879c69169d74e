using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>Something that happened: one line of the event log.</summary>
public sealed record MonitorEvent : IJsonObject<MonitorEvent>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorEvent()
    {
    }

    private MonitorEvent(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("time"u8)) Time = json.OptionalTime();
            else if (json.Is("type"u8)) Type = json.Text();
            else if (json.Is("action"u8)) Action = json.Text();
            else if (json.Is("id"u8)) Id = json.Text();
            else if (json.Is("name"u8)) Name = json.OptionalText();
            else if (json.Is("attributes"u8)) Attributes = json.TextMap();
            else json.Skip();
        }
    }

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

    static MonitorEvent IJsonObject<MonitorEvent>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("time"u8, Time);
        json.Member("type"u8, Type);
        json.Member("action"u8, Action);
        json.Member("id"u8, Id);
        json.Member("name"u8, Name);
        json.Member("attributes"u8, Attributes);
    }
}
