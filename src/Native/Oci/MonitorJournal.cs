using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>The systemd journal as the place for what a container writes.</summary>
public sealed record MonitorJournal : IJsonObject<MonitorJournal>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorJournal()
    {
    }

    private MonitorJournal(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("socket"u8)) Socket = json.Text();
            else if (json.Is("tag"u8)) Tag = json.Text();
            else json.Skip();
        }
    }

    /// <summary>The socket of the journal's native protocol.</summary>
    public string Socket { get; init; } = "";

    /// <summary>CONTAINER_TAG and SYSLOG_IDENTIFIER of the entries.</summary>
    public string Tag { get; init; } = "";

    static MonitorJournal IJsonObject<MonitorJournal>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("socket"u8, Socket);
        json.Member("tag"u8, Tag);
    }
}
