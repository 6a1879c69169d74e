using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The processors a process of exec may run on, as lists such as <c>0-3,7</c>.</summary>
public sealed record OciCpuAffinity : IJsonObject<OciCpuAffinity>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciCpuAffinity()
    {
    }

    private OciCpuAffinity(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("initial"u8)) Initial = json.OptionalText();
            else if (json.Is("final"u8)) Final = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>Before it enters the container's cgroup.</summary>
    public string? Initial { get; init; }

    /// <summary>Once it is in the container's cgroup.</summary>
    public string? Final { get; init; }

    static OciCpuAffinity IJsonObject<OciCpuAffinity>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("initial"u8, Initial);
        json.Member("final"u8, Final);
    }
}
