using Container.Native.Monitor;

namespace Container.Runtime.Monitor;

/// <summary>The container whose health is checked.</summary>
internal interface IHealthSubject
{
    /// <summary>Whether its processes are frozen: then there is nothing to check.</summary>
    bool IsPaused { get; }

    /// <summary>Starts the command of a check with these standard streams.</summary>
    ExecSession Launch(IReadOnlyList<string> command, IExecClient client, int[] streams);

    /// <summary>Records what a check has shown.</summary>
    /// <param name="health">What is known now.</param>
    /// <param name="isNew">Whether the status is another one than before.</param>
    /// <param name="action">What is to be done about an unhealthy container.</param>
    void HealthChanged(MonitorHealthState health, bool isNew, string? action);
}
