using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One namespace of a container, namespaces(7).</summary>
public sealed record OciNamespace : IJsonObject<OciNamespace>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciNamespace()
    {
    }

    private OciNamespace(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("type"u8)) Type = json.Text();
            else if (json.Is("path"u8)) Path = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public string Type { get; init; } = "";

    /// <summary>The namespace to join; a new one is made where this is null.</summary>
    public string? Path { get; init; }

    static OciNamespace IJsonObject<OciNamespace>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("type"u8, Type);
        json.Member("path"u8, Path);
    }
}
