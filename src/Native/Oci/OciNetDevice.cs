using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>A host network device that is moved into the container.</summary>
public sealed record OciNetDevice : IJsonObject<OciNetDevice>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciNetDevice()
    {
    }

    private OciNetDevice(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("name"u8)) Name = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>Its name inside; the host's name where this is null.</summary>
    public string? Name { get; init; }

    static OciNetDevice IJsonObject<OciNetDevice>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("name"u8, Name);
    }
}
