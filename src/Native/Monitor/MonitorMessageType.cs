namespace Container.Native.Monitor;

/// <summary>Values of <see cref="MonitorMessage.Type"/>.</summary>
public static class MonitorMessageType
{
    /// <summary>To the monitor: start the container.</summary>
    public const string Start = "start";

    /// <summary>To the monitor: run a further process.</summary>
    public const string Exec = "exec";

    /// <summary>To the monitor: connect to the container's streams.</summary>
    public const string Attach = "attach";

    /// <summary>From a client: the container goes on without it, or does not.</summary>
    public const string Detach = "detach";

    /// <summary>To the monitor: change the terminal's size.</summary>
    public const string Resize = "resize";

    /// <summary>To the monitor: send a signal.</summary>
    public const string Kill = "kill";

    /// <summary>To the monitor: freeze all processes.</summary>
    public const string Pause = "pause";

    /// <summary>To the monitor: let frozen processes go on.</summary>
    public const string Resume = "resume";

    /// <summary>To the monitor: answer when the container has ended.</summary>
    public const string Wait = "wait";

    /// <summary>To the monitor: make the container, and do not start it.</summary>
    public const string Prepare = "prepare";

    /// <summary>To the monitor: change limits, restart policy or health check.</summary>
    public const string Update = "update";

    /// <summary>To the monitor: run the health check now.</summary>
    public const string Check = "check";

    /// <summary>To the monitor: open a socket in the container's network.</summary>
    public const string Socket = "socket";

    /// <summary>From the monitor: the health check's result.</summary>
    public const string Checked = "checked";

    /// <summary>From the monitor: the process runs.</summary>
    public const string Started = "started";

    /// <summary>From the monitor: the process has ended.</summary>
    public const string Exited = "exited";

    /// <summary>From the monitor: done as asked.</summary>
    public const string Done = "ok";

    /// <summary>From the monitor: not done, and why.</summary>
    public const string Error = "error";
}
