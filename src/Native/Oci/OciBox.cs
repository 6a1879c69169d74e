namespace Container.Native.Oci;

/// <summary>The size of a console in characters.</summary>
public sealed record OciBox
{
    /// <summary>Rows.</summary>
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    public uint Width { get; init; }
}
