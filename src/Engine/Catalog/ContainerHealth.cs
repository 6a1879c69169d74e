namespace Container.Engine.Catalog;

/// <summary>What the checks of a container's health say.</summary>
public enum ContainerHealth
{
    /// <summary>There are none, or the container does not run.</summary>
    None,

    /// <summary>It has not been healthy yet.</summary>
    Starting,

    /// <summary>The last check succeeded, or too few have failed since.</summary>
    Healthy,

    /// <summary>As many checks in a row have failed as make it unhealthy.</summary>
    Unhealthy,
}
