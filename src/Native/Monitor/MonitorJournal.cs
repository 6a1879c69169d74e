using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>The systemd journal as the place for what a container writes.</summary>
[JsonObject]
public sealed partial record MonitorJournal
{
    /// <summary>The socket of the journal's native protocol.</summary>
    public string Socket { get; init; } = "";

    /// <summary>CONTAINER_TAG and SYSLOG_IDENTIFIER of the entries.</summary>
    public string Tag { get; init; } = "";
}
