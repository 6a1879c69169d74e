namespace Container.Engine.Configuration;

/// <summary>
/// Everything a container is created from. What is null or empty comes from the image, else from the defaults, which
/// isolate as far as the kernel can.
/// </summary>
public sealed partial record ContainerConfiguration
{
    /// <summary>The image: a reference, an id or a unique prefix of one, or <c>host</c>.</summary>
    public string? Image { get; init; }

    /// <summary>A directory of the host to use as the root filesystem, in place of an image.</summary>
    public string? RootFsPath { get; init; }

    /// <summary>An OCI bundle whose config.json is used as it is, in place of an image and all that follows.</summary>
    public string? BundlePath { get; init; }

    /// <summary>The container's name; a random one where null.</summary>
    public string? Name { get; init; }

    /// <summary>How it is called where it has no name.</summary>
    public ContainerNameStyle NameStyle { get; init; }

    /// <summary>Labels: for the user to find things by, never interpreted.</summary>
    public IReadOnlyDictionary<string, string>? Label { get; init; }

    /// <summary>OCI annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotation { get; init; }

    /// <summary>The host name inside; the id's first 12 digits where null.</summary>
    public string? Hostname { get; init; }

    /// <summary>What of it is set.</summary>
    public override string ToString() => SettingText.Of(this);
}
