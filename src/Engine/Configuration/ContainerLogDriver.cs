namespace Container.Engine.Configuration;

/// <summary>Where what a container writes goes.</summary>
public enum ContainerLogDriver
{
    /// <summary>To a file of the engine's, which is rotated.</summary>
    File,

    /// <summary>To systemd's journal, with the fields that docker and podman give its entries.</summary>
    Journald,

    /// <summary>Nowhere; who is attached receives it.</summary>
    None,
}
