namespace Container.Engine.Logs;

/// <summary>A place in a chain of log files.</summary>
internal readonly record struct LogPosition(int File, long Offset)
{
    public static bool operator <(LogPosition left, LogPosition right) =>
        left.File < right.File || (left.File == right.File && left.Offset < right.Offset);

    public static bool operator >(LogPosition left, LogPosition right) => right < left;
}
