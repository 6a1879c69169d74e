using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The packet priority of one interface.</summary>
public sealed record OciInterfacePriority : IJsonObject<OciInterfacePriority>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciInterfacePriority()
    {
    }

    private OciInterfacePriority(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("name"u8)) Name = json.Text();
            else if (json.Is("priority"u8)) Priority = json.UInt32();
            else json.Skip();
        }
    }

    /// <summary>The interface.</summary>
    public string Name { get; init; } = "";

    /// <summary>The priority.</summary>
    public uint Priority { get; init; }

    static OciInterfacePriority IJsonObject<OciInterfacePriority>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("name"u8, Name);
        json.Member("priority"u8, Priority);
    }
}
