namespace Container.Native.Json;

/// <summary>A record that is one JSON object.</summary>
internal interface IJsonObject<TSelf> : IJsonWritable
    where TSelf : class, IJsonObject<TSelf>
{
    /// <summary>Reads the members of the object the reader stands on.</summary>
    static abstract TSelf Read(ref JsonSource json);
}
