using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do with seccomp.</summary>
public sealed record OciFeaturesSeccomp : IJsonObject<OciFeaturesSeccomp>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeaturesSeccomp()
    {
    }

    private OciFeaturesSeccomp(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("enabled"u8)) Enabled = json.OptionalFlag();
            else if (json.Is("actions"u8)) Actions = json.Texts();
            else if (json.Is("operators"u8)) Operators = json.Texts();
            else if (json.Is("archs"u8)) Archs = json.Texts();
            else if (json.Is("knownFlags"u8)) KnownFlags = json.Texts();
            else if (json.Is("supportedFlags"u8)) SupportedFlags = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>Whether filters are supported.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The actions.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>The comparisons.</summary>
    public IReadOnlyList<string>? Operators { get; init; }

    /// <summary>The architectures.</summary>
    public IReadOnlyList<string>? Archs { get; init; }

    /// <summary>The flags that are recognised.</summary>
    public IReadOnlyList<string>? KnownFlags { get; init; }

    /// <summary>The flags that this machine supports.</summary>
    public IReadOnlyList<string>? SupportedFlags { get; init; }

    static OciFeaturesSeccomp IJsonObject<OciFeaturesSeccomp>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("enabled"u8, Enabled);
        json.Member("actions"u8, Actions);
        json.Member("operators"u8, Operators);
        json.Member("archs"u8, Archs);
        json.Member("knownFlags"u8, KnownFlags);
        json.Member("supportedFlags"u8, SupportedFlags);
    }
}
