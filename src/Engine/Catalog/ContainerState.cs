namespace Container.Engine.Catalog;

/// <summary>Where a container stands in its life.</summary>
public enum ContainerState
{
    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its process has ended, and is about to be started again.</summary>
    Restarting,

    /// <summary>Prepared, and waiting to be started.</summary>
    Initialized,

    /// <summary>Its process has ended.</summary>
    Exited,
}
