namespace Container.Engine.Settings;

/// <summary>Whom a configuration file is for.</summary>
public enum ContainerConfigurationScope
{
    /// <summary>Everybody on the host: /etc/pscontainer/configuration.json.</summary>
    System,

    /// <summary>One user, over that: pscontainer/configuration.json in $XDG_CONFIG_HOME or ~/.config.</summary>
    User,
}
