namespace Container.Native.Mounts;

/// <summary>A file's time as the kernel keeps it.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">And nanoseconds, below one second.</param>
public readonly record struct FileTime(long Seconds, uint Nanoseconds);
