using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>
/// What a seccomp listener receives with the descriptors (config-linux.md, "The Container Process State").
/// </summary>
public sealed record OciProcessState : IJsonObject<OciProcessState>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciProcessState()
    {
    }

    private OciProcessState(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("ociVersion"u8)) OciVersion = json.Text();
            else if (json.Is("fds"u8)) Fds = json.Texts();
            else if (json.Is("pid"u8)) Pid = json.Int32();
            else if (json.Is("metadata"u8)) Metadata = json.OptionalText();
            else if (json.Is("state"u8)) State = json.Object<OciState>();
            else json.Skip();
        }
    }

    /// <summary>The version of the specification.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The names of the descriptors, in the order they were sent.</summary>
    public IReadOnlyList<string>? Fds { get; init; }

    /// <summary>The process as the runtime sees it.</summary>
    public int Pid { get; init; }

    /// <summary>The listener's metadata of config.json.</summary>
    public string? Metadata { get; init; }

    /// <summary>The state of the container.</summary>
    public OciState? State { get; init; }

    static OciProcessState IJsonObject<OciProcessState>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersion"u8, OciVersion);
        json.Member("fds"u8, Fds);
        json.Member("pid"u8, Pid);
        json.Member("metadata"u8, Metadata);
        json.Member("state"u8, State);
    }
}
