using Tmds.Linux;

namespace Container.Native.Files;

/// <summary>A file's time as the kernel keeps it.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">And nanoseconds, below one second.</param>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    // utimensat(2) takes two: of the last access and of the last change.
    internal unsafe void Fill(timespec* times)
    {
        times[0] = times[1] = new timespec { tv_sec = Seconds, tv_nsec = (long_t)(long)Nanoseconds };
    }
}
