namespace Container.Engine.Events;

/// <summary>What happened.</summary>
public enum EventAction
{
    /// <summary>It was made.</summary>
    Create,

    /// <summary>Its process was started.</summary>
    Start,

    /// <summary>Its process has ended.</summary>
    Exit,

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    OutOfMemory,

    /// <summary>Its restart policy starts it again.</summary>
    Restart,

    /// <summary>Its health is another one.</summary>
    Health,

    /// <summary>Its processes were frozen.</summary>
    Pause,

    /// <summary>Its processes go on.</summary>
    Resume,

    /// <summary>A signal was sent to it.</summary>
    Signal,

    /// <summary>A further process was started in it.</summary>
    Exec,

    /// <summary>A further process of it has ended.</summary>
    ExecExit,

    /// <summary>It has another name.</summary>
    Rename,

    /// <summary>Its limits or policies were changed.</summary>
    Update,

    /// <summary>It was removed.</summary>
    Remove,

    /// <summary>It came from a file, a registry or a container.</summary>
    Import,

    /// <summary>It went to a file or a registry.</summary>
    Export,

    /// <summary>It got a further name.</summary>
    Tag,

    /// <summary>A name was taken from it.</summary>
    Untag,
}
