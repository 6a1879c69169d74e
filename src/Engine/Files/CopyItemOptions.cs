namespace Container.Engine.Files;

/// <summary>How files are copied between the host and a container.</summary>
public sealed record CopyItemOptions
{
    /// <summary>Copy what directories hold.</summary>
    public bool Recurse { get; init; }

    /// <summary>Make directories that are missing above the destination.</summary>
    public bool Force { get; init; }

    /// <summary>Keep owners and extended attributes; otherwise the copy belongs to root.</summary>
    public bool Archive { get; init; }

    /// <summary>Keep set-user-ID and set-group-ID bits, devices and, with archive, security attributes.</summary>
    public bool Special { get; init; }
}
