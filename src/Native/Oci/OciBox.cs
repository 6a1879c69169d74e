using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The size of a console in characters.</summary>
public sealed record OciBox : IJsonObject<OciBox>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciBox()
    {
    }

    private OciBox(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("height"u8)) Height = json.UInt32();
            else if (json.Is("width"u8)) Width = json.UInt32();
            else json.Skip();
        }
    }

    /// <summary>Rows.</summary>
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    public uint Width { get; init; }

    static OciBox IJsonObject<OciBox>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("height"u8, Height);
        json.Member("width"u8, Width);
    }
}
