namespace Container.Native.Mounts;

/// <summary>A file's time as the kernel keeps it.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">And nanoseconds, below one second.</param>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    // utimensat(2) takes two: of the last access and of the last change.
    internal unsafe void Fill(long* times)
    {
        times[0] = times[2] = Seconds;
        times[1] = times[3] = Nanoseconds;
    }
}
