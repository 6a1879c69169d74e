using Container.Engine.Catalog;
using Container.Engine.Monitor;

namespace Container.Engine.Containers;

/// <summary>A container that runs for whoever has this: it ends when this is disposed of, or its process has gone.</summary>
public sealed class ContainerLease : IDisposable
{
    private readonly MonitorClient client;

    internal ContainerLease(MonitorClient client, ContainerRecord container)
    {
        this.client = client;
        Container = container;
    }

    /// <summary>The container, as it was when it had been started.</summary>
    public ContainerRecord Container { get; }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
