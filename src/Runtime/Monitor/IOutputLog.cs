using Container.Native.Monitor;

namespace Container.Runtime.Monitor;

/// <summary>
/// Where what a container writes is kept. What it cannot take is dropped in the end: no log stops a container.
/// </summary>
internal interface IOutputLog : IDisposable
{
    /// <summary>Whether the container is not to be read until there is room again.</summary>
    bool IsBlocked { get; }

    /// <summary>Takes what may change while the container is there: its name.</summary>
    void Adopt(MonitorRequest request);

    /// <summary>Keeps what the container has written to one of its streams.</summary>
    void Append(bool isError, ReadOnlySpan<byte> data);

    /// <summary>Returns when everything is kept, or has been dropped.</summary>
    void Flush();
}
