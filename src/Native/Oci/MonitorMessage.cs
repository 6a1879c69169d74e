using Container.Native.Oci.Json;

namespace Container.Native.Oci;

/// <summary>
/// One packet between a client and a monitor, either way; what is not of the <see cref="Type"/> is null.
/// </summary>
public sealed record MonitorMessage : IJsonObject<MonitorMessage>
{
    /// <summary>Creates one with nothing set.</summary>
    public MonitorMessage()
    {
    }

    private MonitorMessage(ref JsonSource json)
    {
        while (json.NextMember())
        {
            if (json.Is("type"u8)) Type = json.Text();
            else if (json.Is("terminal"u8)) Terminal = json.OptionalFlag();
            else if (json.Is("width"u8)) Width = json.OptionalUInt32();
            else if (json.Is("height"u8)) Height = json.OptionalUInt32();
            else if (json.Is("detach"u8)) Detach = json.OptionalFlag();
            else if (json.Is("stdin"u8)) Stdin = json.OptionalFlag();
            else if (json.Is("signal"u8)) Signal = json.OptionalInt32();
            else if (json.Is("all"u8)) All = json.OptionalFlag();
            else if (json.Is("stop"u8)) Stop = json.OptionalFlag();
            else if (json.Is("pid"u8)) Pid = json.OptionalInt32();
            else if (json.Is("pidStartTime"u8)) PidStartTime = json.OptionalUInt64();
            else if (json.Is("exitCode"u8)) ExitCode = json.OptionalInt32();
            else if (json.Is("outOfMemory"u8)) OutOfMemory = json.OptionalFlag();
            else if (json.Is("id"u8)) Id = json.OptionalText();
            else if (json.Is("operation"u8)) Operation = json.OptionalText();
            else if (json.Is("path"u8)) Path = json.OptionalText();
            else if (json.Is("errno"u8)) Errno = json.OptionalInt32();
            else if (json.Is("message"u8)) Message = json.OptionalText();
            else if (json.Is("hint"u8)) Hint = json.OptionalText();
            else json.Skip();
        }
    }

    /// <summary>
    /// prepare, start, exec, attach, resize, kill, pause, resume, wait, update or check; started, exited, checked, ok or
    /// error.
    /// </summary>
    public string Type { get; init; } = "";

    /// <summary>exec: whether the process gets a terminal.</summary>
    public bool? Terminal { get; init; }

    /// <summary>start, exec, resize: columns.</summary>
    public uint? Width { get; init; }

    /// <summary>start, exec, resize: rows.</summary>
    public uint? Height { get; init; }

    /// <summary>exec: whether the process outlives the connection; start: false ends the container with it.</summary>
    public bool? Detach { get; init; }

    /// <summary>start, attach: false leaves standard input alone.</summary>
    public bool? Stdin { get; init; }

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

    static MonitorMessage IJsonObject<MonitorMessage>.Read(ref JsonSource json) => new(ref json);

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("type"u8, Type);
        json.Member("terminal"u8, Terminal);
        json.Member("width"u8, Width);
        json.Member("height"u8, Height);
        json.Member("detach"u8, Detach);
        json.Member("stdin"u8, Stdin);
        json.Member("signal"u8, Signal);
        json.Member("all"u8, All);
        json.Member("stop"u8, Stop);
        json.Member("pid"u8, Pid);
        json.Member("pidStartTime"u8, PidStartTime);
        json.Member("exitCode"u8, ExitCode);
        json.Member("outOfMemory"u8, OutOfMemory);
        json.Member("id"u8, Id);
        json.Member("operation"u8, Operation);
        json.Member("path"u8, Path);
        json.Member("errno"u8, Errno);
        json.Member("message"u8, Message);
        json.Member("hint"u8, Hint);
    }
}
