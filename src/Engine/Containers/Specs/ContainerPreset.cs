namespace Container.Engine.Containers.Specs;

/// <summary>Settings that belong together, under the name of the program they come from.</summary>
public enum ContainerPreset
{
    /// <summary>Lizzie Dixon's contained.c ("Linux containers in 500 lines of code").</summary>
    Contained,

    /// <summary>Crabcan, the same in Rust, with the mistakes of its filter put right.</summary>
    Crabcan,
}
