namespace Container.Engine.Configuration;

/// <summary>What a <see cref="ContainerMount"/> mounts.</summary>
public enum ContainerMountType
{
    /// <summary>A file or directory of the host.</summary>
    Bind,

    /// <summary>A filesystem in memory that ends with the container.</summary>
    Tmpfs,

    /// <summary>A volume, made where there is none of the name yet; without a name one of the container's own.</summary>
    Volume,

    /// <summary>The content of an image, read-only.</summary>
    Image,

    /// <summary>A directory of the host with changes kept beside it, in the container.</summary>
    Overlay,
}
