namespace Container.Engine.Containers;

/// <summary>How to start a container.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// Connect to its standard streams before it runs, so that nothing is lost; a reader that is slow slows it down.
    /// </summary>
    public bool Attach { get; init; }

    /// <summary>Also connect standard input.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Columns of its terminal; 0 leaves the default.</summary>
    public int Width { get; init; }

    /// <summary>Rows of its terminal; 0 leaves the default.</summary>
    public int Height { get; init; }
}
