using Container.Native.Json;
using Container.Native.Oci.Documents;

namespace Container.Native.Monitor;

/// <summary>Reads and writes what the engine and the monitor of a container tell each other.</summary>
public static class MonitorDocument
{
    /// <summary>Reads monitor.json.</summary>
    /// <exception cref="DocumentException">It is not one.</exception>
    public static MonitorRequest ReadRequest(ReadOnlySpan<byte> json) => OciDocument.Read<MonitorRequest>(json);

    /// <summary>Reads one packet of the monitor's socket.</summary>
    /// <exception cref="DocumentException">It is not one.</exception>
    public static MonitorMessage ReadMessage(ReadOnlySpan<byte> json) => OciDocument.Read<MonitorMessage>(json);

    /// <summary>Reads the monitor's state.json.</summary>
    /// <exception cref="DocumentException">It is not one.</exception>
    public static MonitorState ReadState(ReadOnlySpan<byte> json) => OciDocument.Read<MonitorState>(json);

    /// <summary>Reads one line of the event log.</summary>
    /// <exception cref="DocumentException">It is not one.</exception>
    public static MonitorEvent ReadEvent(ReadOnlySpan<byte> json) => OciDocument.Read<MonitorEvent>(json);

    /// <summary>Writes monitor.json.</summary>
    public static byte[] Write(MonitorRequest request, bool indented = false) => JsonSink.Document(request, indented);

    /// <summary>Writes one packet of the monitor's socket.</summary>
    public static byte[] Write(MonitorMessage message) => JsonSink.Document(message, indented: false);

    /// <summary>Writes the monitor's state.json.</summary>
    public static byte[] Write(MonitorState state, bool indented = false) => JsonSink.Document(state, indented);

    /// <summary>Writes one line of the event log, without its end.</summary>
    public static byte[] Write(MonitorEvent happened) => JsonSink.Document(happened, indented: false);
}
