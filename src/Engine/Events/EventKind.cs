namespace Container.Engine.Events;

/// <summary>What an event happened to.</summary>
public enum EventKind
{
    /// <summary>A container.</summary>
    Container,

    /// <summary>An image.</summary>
    Image,

    /// <summary>A volume.</summary>
    Volume,

    /// <summary>A secret.</summary>
    Secret,
}
