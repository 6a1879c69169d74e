namespace Container.Engine.Configuration;

/// <summary>Where a container's namespace comes from.</summary>
public enum NamespaceKind
{
    /// <summary>Made for the container.</summary>
    Private,

    /// <summary>The host's.</summary>
    Host,

    /// <summary>Another container's.</summary>
    Container,

    /// <summary>The one that a path names.</summary>
    Path,
}
