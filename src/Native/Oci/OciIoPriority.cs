using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The I/O priority of a process, ioprio_set(2).</summary>
public sealed record OciIoPriority : IJsonObject<OciIoPriority>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciIoPriority()
    {
    }

    private OciIoPriority(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("class"u8)) Class = json.Text();
            else if (json.Is("priority"u8)) Priority = json.Int32();
            else json.Skip();
        }
    }

    /// <summary>The class, such as <c>IOPRIO_CLASS_BE</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>The level within the class, 0 (highest) to 7.</summary>
    public int Priority { get; init; }

    static OciIoPriority IJsonObject<OciIoPriority>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("class"u8, Class);
        json.Member("priority"u8, Priority);
    }
}
