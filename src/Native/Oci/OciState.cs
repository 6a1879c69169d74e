using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The state of a container, as <c>state</c> prints it and hooks receive it (runtime.md, "State").</summary>
public sealed record OciState : IJsonObject<OciState>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciState()
    {
    }

    private OciState(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("ociVersion"u8)) OciVersion = json.Text();
            else if (json.Is("id"u8)) Id = json.Text();
            else if (json.Is("status"u8)) Status = json.Text();
            else if (json.Is("pid"u8)) Pid = json.Int32();
            else if (json.Is("bundle"u8)) Bundle = json.Text();
            else if (json.Is("annotations"u8)) Annotations = json.TextMap();
            else json.Skip();
        }
    }

    /// <summary>The version of the specification.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The container's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>creating, created, running or stopped; runtimes add paused.</summary>
    public string Status { get; init; } = "";

    /// <summary>The process id outside the container; 0 when it is stopped.</summary>
    public int Pid { get; init; }

    /// <summary>The absolute path of the bundle.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>The annotations of config.json.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    static OciState IJsonObject<OciState>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("ociVersion"u8, OciVersion);
        json.Member("id"u8, Id);
        json.Member("status"u8, Status);
        json.Member("pid"u8, Pid);
        json.Member("bundle"u8, Bundle);
        json.Member("annotations"u8, Annotations);
    }
}
