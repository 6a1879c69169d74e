namespace Container.Engine.Containers;

/// <summary>What a <see cref="ContainerMount"/> mounts.</summary>
public enum ContainerMountType
{
    /// <summary>A file or directory of the host.</summary>
    Bind,

    /// <summary>A filesystem in memory that ends with the container.</summary>
    Tmpfs,
}
