namespace Container.Native.Oci;

/// <summary>
/// One packet between a client and a monitor, either way; what is not of the <see cref="Type"/> is null.
/// </summary>
public sealed record MonitorMessage
{
    /// <summary>start, exec, attach, resize, kill, pause, resume or wait; started, exited, ok or error.</summary>
    public string Type { get; init; } = "";

    /// <summary>exec: whether the process gets a terminal.</summary>
    public bool? Terminal { get; init; }

    /// <summary>exec, resize: columns.</summary>
    public uint? Width { get; init; }

    /// <summary>exec, resize: rows.</summary>
    public uint? Height { get; init; }

    /// <summary>exec: whether the process outlives the connection.</summary>
    public bool? Detach { get; init; }

    /// <summary>attach: whether standard input is wanted.</summary>
    public bool? Stdin { get; init; }

    /// <summary>kill: the signal to send; exited: the signal that ended the process.</summary>
    public int? Signal { get; init; }

    /// <summary>kill: every process of the container.</summary>
    public bool? All { get; init; }

    /// <summary>started: the process.</summary>
    public int? Pid { get; init; }

    /// <summary>started: when it started, in clock ticks since boot.</summary>
    public ulong? PidStartTime { get; init; }

    /// <summary>exited: the exit code, 128 + signal when a signal ended it.</summary>
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

    /// <summary>error: the whole message.</summary>
    public string? Message { get; init; }

    /// <summary>error: what to do about it.</summary>
    public string? Hint { get; init; }
}
