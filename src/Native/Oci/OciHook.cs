using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One command of <see cref="OciHooks"/>; the container's state is on its standard input.</summary>
public sealed record OciHook : IJsonObject<OciHook>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciHook()
    {
    }

    private OciHook(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("path"u8)) Path = json.Text();
            else if (json.Is("args"u8)) Args = json.Texts();
            else if (json.Is("env"u8)) Env = json.Texts();
            else if (json.Is("timeout"u8)) Timeout = json.OptionalInt32();
            else json.Skip();
        }
    }

    /// <summary>The program, absolute.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its arguments, argv[0] included.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Its whole environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds after which it is killed and counts as failed.</summary>
    public int? Timeout { get; init; }

    static OciHook IJsonObject<OciHook>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("path"u8, Path);
        json.Member("args"u8, Args);
        json.Member("env"u8, Env);
        json.Member("timeout"u8, Timeout);
    }
}
