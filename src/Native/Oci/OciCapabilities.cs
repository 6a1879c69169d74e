using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The five capability sets of capabilities(7), by names such as <c>CAP_CHOWN</c>.</summary>
public sealed record OciCapabilities : IJsonObject<OciCapabilities>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciCapabilities()
    {
    }

    private OciCapabilities(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("bounding"u8)) Bounding = json.Texts();
            else if (json.Is("effective"u8)) Effective = json.Texts();
            else if (json.Is("inheritable"u8)) Inheritable = json.Texts();
            else if (json.Is("permitted"u8)) Permitted = json.Texts();
            else if (json.Is("ambient"u8)) Ambient = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>The limit of what execve(2) can grant.</summary>
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What the kernel checks.</summary>
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What is preserved across execve(2) with file capabilities.</summary>
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>The limit of the effective set.</summary>
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What is preserved across execve(2) of ordinary programs.</summary>
    public IReadOnlyList<string>? Ambient { get; init; }

    static OciCapabilities IJsonObject<OciCapabilities>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("bounding"u8, Bounding);
        json.Member("effective"u8, Effective);
        json.Member("inheritable"u8, Inheritable);
        json.Member("permitted"u8, Permitted);
        json.Member("ambient"u8, Ambient);
    }
}
