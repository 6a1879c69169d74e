using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>One rule of <see cref="OciSeccomp"/>.</summary>
public sealed record OciSyscall : IJsonObject<OciSyscall>
{
    /// <summary>Creates one with nothing set.</summary>
    public OciSyscall()
    {
    }

    private OciSyscall(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("names"u8)) Names = json.Texts();
            else if (json.Is("action"u8)) Action = json.Text();
            else if (json.Is("errnoRet"u8)) ErrnoRet = json.OptionalUInt32();
            else if (json.Is("args"u8)) Args = json.Objects<OciSeccompArg>();
            else json.Skip();
        }
    }

    /// <summary>The system calls.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>What happens to them.</summary>
    public string Action { get; init; } = "";

    /// <summary>The errno of that action; EPERM where this is null.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<OciSeccompArg>? Args { get; init; }

    static OciSyscall IJsonObject<OciSyscall>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("names"u8, Names);
        json.Member("action"u8, Action);
        json.Member("errnoRet"u8, ErrnoRet);
        json.Member("args"u8, Args);
    }
}
