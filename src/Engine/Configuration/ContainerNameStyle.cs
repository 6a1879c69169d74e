namespace Container.Engine.Configuration;

/// <summary>How a container is called that nobody has given a name.</summary>
public enum ContainerNameStyle
{
    /// <summary>An adjective and a noun of ours.</summary>
    Default,

    /// <summary>The seconds since the host started and a tarot card, as contained.c does; its host name too.</summary>
    Tarot,

    /// <summary>An adjective, a noun and a number, as Crabcan does; its host name too.</summary>
    AdjectiveNoun,
}
