using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>What a runtime can do, as <c>features</c> prints it (features.md).</summary>
public sealed record OciFeatures : IJsonObject<OciFeatures>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciFeatures()
    {
    }

    private OciFeatures(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("ociVersionMin"u8)) OciVersionMin = json.OptionalText();
            else if (json.Is("ociVersionMax"u8)) OciVersionMax = json.OptionalText();
            else if (json.Is("hooks"u8)) Hooks = json.Texts();
            else if (json.Is("mountOptions"u8)) MountOptions = json.Texts();
            else if (json.Is("linux"u8)) Linux = json.Object<OciFeaturesLinux>();
            else if (json.Is("annotations"u8)) Annotations = json.TextMap();
            else if (json.Is("potentiallyUnsafeConfigAnnotations"u8)) PotentiallyUnsafeConfigAnnotations = json.Texts();
            else json.Skip();
        }
    }

    /// <summary>The oldest version of the specification that is understood.</summary>
    public string? OciVersionMin { get; init; }

    /// <summary>The newest one.</summary>
    public string? OciVersionMax { get; init; }

    /// <summary>The names of hooks.</summary>
    public IReadOnlyList<string>? Hooks { get; init; }

    /// <summary>The mount options the runtime itself acts on.</summary>
    public IReadOnlyList<string>? MountOptions { get; init; }

    /// <summary>What only Linux has.</summary>
    public OciFeaturesLinux? Linux { get; init; }

    /// <summary>Versions and extensions of this implementation.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Annotations of config.json that change what the runtime does.</summary>
    public IReadOnlyList<string>? PotentiallyUnsafeConfigAnnotations { get; init; }

    static OciFeatures IJsonObject<OciFeatures>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersionMin"u8, OciVersionMin);
        json.Member("ociVersionMax"u8, OciVersionMax);
        json.Member("hooks"u8, Hooks);
        json.Member("mountOptions"u8, MountOptions);
        json.Member("linux"u8, Linux);
        json.Member("annotations"u8, Annotations);
        json.Member("potentiallyUnsafeConfigAnnotations"u8, PotentiallyUnsafeConfigAnnotations);
    }
}
