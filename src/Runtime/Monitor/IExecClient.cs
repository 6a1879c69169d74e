using Container.Native.Monitor;

namespace Container.Runtime.Monitor;

/// <summary>Who has a further process started, and is told what becomes of it.</summary>
internal interface IExecClient
{
    /// <summary>Takes a message, and copies of the descriptors that come with it.</summary>
    void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors);
}
