namespace Container.Engine.Files;

/// <summary>What happened to a file since the container was made.</summary>
public enum ChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>Its content or metadata changed.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Deleted,
}
