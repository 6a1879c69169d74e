namespace Container.Engine.Containers;

/// <summary>How to start a container that is connected to the caller.</summary>
public sealed record StartOptions
{
    /// <summary>Connect standard input as well.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Kill it when the caller lets go of the session or ends, in whatever way.</summary>
    public bool EndsWithCaller { get; init; }

    /// <summary>Columns of its terminal; 0 leaves the default.</summary>
    public int Width { get; init; }

    /// <summary>Rows of its terminal; 0 leaves the default.</summary>
    public int Height { get; init; }
}
