namespace Container.Engine.Configuration;

/// <summary>Whether a container is started again when it has ended without having been stopped.</summary>
public enum ContainerRestartPolicy
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>It is after an exit code other than zero.</summary>
    OnFailure,

    /// <summary>It is, and when the host starts.</summary>
    Always,

    /// <summary>It is, and when the host starts unless it was stopped before.</summary>
    UnlessStopped,
}
