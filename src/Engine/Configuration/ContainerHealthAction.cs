namespace Container.Engine.Configuration;

/// <summary>What is done about a container that has become unhealthy.</summary>
public enum ContainerHealthAction
{
    /// <summary>Nothing; it is only said.</summary>
    None,

    /// <summary>It is stopped and started.</summary>
    Restart,

    /// <summary>It is stopped.</summary>
    Stop,

    /// <summary>It is killed; its restart policy applies.</summary>
    Kill,
}
