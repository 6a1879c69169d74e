namespace Container.Runtime.Monitor;

/// <summary>A request that cannot be fulfilled, with the engine's id of the failure.</summary>
internal sealed class MonitorException(string id, string message) : Exception(message)
{
    /// <summary>The engine's id.</summary>
    public string Id { get; } = id;
}
