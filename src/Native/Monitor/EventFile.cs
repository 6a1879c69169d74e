using Container.Native.Syscalls;

namespace Container.Native.Monitor;

/// <summary>
/// The event log: a line of JSON for each event, appended with one write(2) on a descriptor of O_APPEND, so that lines
/// of different writers never mix (write(2): the offset is set and the data written as one step). There is no lock, and
/// a writer that is killed leaves its line or does not.
/// </summary>
public static class EventFile
{
    private const uint Mode = 0x180;

    /// <summary>Appends an event, with the present time where it has none.</summary>
    public static void Append(string path, MonitorEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened.Time is null) happened = happened with { Time = DateTimeOffset.UtcNow };
        byte[] line = MonitorDocument.Write(happened);
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        using FileDescriptor file = FileCalls.Open(
            path, FileCalls.O_WRONLY | FileCalls.O_APPEND | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW, Mode);
        FileCalls.WriteAll(file.Number, line, path);
    }
}
