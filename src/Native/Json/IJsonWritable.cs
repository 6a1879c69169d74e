namespace Container.Native.Json;

/// <summary>What can be written as one JSON object.</summary>
internal interface IJsonWritable
{
    /// <summary>Writes the members.</summary>
    void Write(JsonSink json);
}
