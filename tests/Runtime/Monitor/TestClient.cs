using Container.Native.Monitor;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A client of a monitor whose waits end.</summary>
internal sealed class TestClient(MonitorConnection connection) : IDisposable
{
    private readonly List<FileDescriptor> received = [];

    /// <summary>The descriptor that came with the last message, or null.</summary>
    public FileDescriptor? Received => received.Count > 0 ? received[^1] : null;

    public void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors) => connection.Send(message, descriptors);

    public MonitorMessage Receive(int milliseconds = TestContainer.Patience)
    {
        Assert.True(connection.Poll(milliseconds), "the monitor does not answer");
        return connection.Receive(received) ?? throw new EndOfStreamException("the monitor has closed the connection");
    }

    /// <summary>Sends a request and expects that it is fulfilled.</summary>
    public void Request(MonitorMessage message)
    {
        Send(message);
        MonitorMessage answer = Receive();
        Assert.True(answer.Type == "ok", answer.Message);
    }

    public bool HasMessage(int milliseconds) => connection.Poll(milliseconds);

    public void Dispose()
    {
        connection.Dispose();
        foreach (FileDescriptor descriptor in received)
        {
            descriptor.Dispose();
        }
    }
}
