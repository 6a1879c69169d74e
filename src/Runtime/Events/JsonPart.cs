using Container.Native.Json;

namespace Container.Runtime.Events;

/// <summary>An object within a document that has no type of its own.</summary>
internal sealed class JsonPart(Action<JsonSink> write) : IJsonWritable
{
    void IJsonWritable.Write(JsonSink json) => write(json);
}
