using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One condition on an argument of a system call.</summary>
public sealed record OciSeccompArg : IJsonObject<OciSeccompArg>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciSeccompArg()
    {
    }

    private OciSeccompArg(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("index"u8)) Index = json.UInt32();
            else if (json.Is("value"u8)) Value = json.UInt64();
            else if (json.Is("valueTwo"u8)) ValueTwo = json.UInt64();
            else if (json.Is("op"u8)) Op = json.Text();
            else json.Skip();
        }
    }

    /// <summary>Which argument, 0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>What it is compared with, or the mask of SCMP_CMP_MASKED_EQ.</summary>
    public ulong Value { get; init; }

    /// <summary>What the masked argument is compared with.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>The comparison, such as <c>SCMP_CMP_EQ</c>.</summary>
    public string Op { get; init; } = "";

    static OciSeccompArg IJsonObject<OciSeccompArg>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("index"u8, Index);
        json.Member("value"u8, Value);
        json.Member("valueTwo"u8, ValueTwo);
        json.Member("op"u8, Op);
    }
}
