using Container.Native.Json;

namespace Container.Native.Monitor;

/// <summary>
/// One packet between a client and a monitor, either way; what is not of the <see cref="Type"/> is null.
/// </summary>
[JsonObject]
public sealed partial record MonitorMessage
{
    /// <summary>
    /// prepare, start, exec, attach, resize, kill, pause, resume, wait, update, check or socket; started, exited, checked, ok or
    /// error.
    /// </summary>
    public string Type { get; init; } = "";

    /// <summary>exec: whether the process gets a terminal.</summary>
    public bool? Terminal { get; init; }

    /// <summary>start, exec, resize: columns.</summary>
    public uint? Width { get; init; }

    /// <summary>start, exec, resize: rows.</summary>
    public uint? Height { get; init; }

    /// <summary>exec: whether the process outlives the connection; start, detach: false
    /// ends the container with it.</summary>
    public bool? Detach { get; init; }

    /// <summary>start, attach: false leaves standard input alone.</summary>
    public bool? Stdin { get; init; }

    /// <summary>socket: whether it is one of IPv6.</summary>
    public bool? Ipv6 { get; init; }

    /// <summary>kill: the signal to send; exited: the signal that ended the process.</summary>
    public int? Signal { get; init; }

    /// <summary>kill: every process of the container.</summary>
    public bool? All { get; init; }

    /// <summary>kill: the container is not to be started again.</summary>
    public bool? Stop { get; init; }

    /// <summary>started: the process; kill, wait: one that is not the first.</summary>
    public int? Pid { get; init; }

    /// <summary>started: when it started, in clock ticks since boot.</summary>
    public ulong? PidStartTime { get; init; }

    /// <summary>exited, checked: the exit code, 128 + signal when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>exited: whether the kernel killed for lack of memory.</summary>
    public bool? OutOfMemory { get; init; }

    /// <summary>error: the stable id.</summary>
    public string? Id { get; init; }

    /// <summary>error: what was being done.</summary>
    public string? Operation { get; init; }

    /// <summary>error: what it was done to.</summary>
    public string? Path { get; init; }

    /// <summary>error: the kernel's error number.</summary>
    public int? Errno { get; init; }

    /// <summary>error: the whole message; checked: what the check wrote.</summary>
    public string? Message { get; init; }

    /// <summary>error: what to do about it.</summary>
    public string? Hint { get; init; }
}
