using Container.Native.Json;
using Container.Runtime.Messages;

namespace Container.Runtime.Events;

/// <summary>One line of <c>events</c>.</summary>
internal sealed class EventReport(string type, string id, IJsonWritable? data = null) : IJsonWritable
{
    /// <summary>Prints it.</summary>
    public void Print() => Output.Write([.. JsonSink.Document(this, indented: false), (byte)'\n']);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("type"u8, type);
        json.Member("id"u8, id);
        json.Member("data"u8, data);
    }
}
