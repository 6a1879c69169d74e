namespace Container.Engine.Configuration;

/// <summary>Whether a container is a system of its own, with systemd or another init as its first process.</summary>
public enum ContainerSystemd
{
    /// <summary>It is where its command is an init: /sbin/init, /usr/sbin/init, /usr/local/sbin/init or systemd.</summary>
    Auto,

    /// <summary>It is, whatever its command.</summary>
    Always,

    /// <summary>It is not.</summary>
    Off,
}
