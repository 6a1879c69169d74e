using Container.Engine.Errors;
using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>
/// What is in a directory that others may remove meanwhile: nothing, where it is not there or no longer. To ask first
/// whether it is there would not do, as it can go between the question and the reading.
/// </summary>
internal static class DirectoryListing
{
    /// <summary>The paths of the directories in one.</summary>
    public static IReadOnlyList<string> Directories(string path, string pattern = "*") =>
        Read(path, () => Directory.GetDirectories(path, pattern));

    /// <summary>The paths of the files in one.</summary>
    public static IReadOnlyList<string> Files(string path, string pattern = "*") =>
        Read(path, () => Directory.GetFiles(path, pattern));

    /// <summary>The paths of all that is in one.</summary>
    public static IReadOnlyList<string> Entries(string path) => Read(path, () => Directory.GetFileSystemEntries(path));

    private static string[] Read(string path, Func<string[]> read)
    {
        try
        {
            return read();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (IOException failure) when (failure.HResult is (int)Errno.EMFILE or (int)Errno.ENFILE)
        {
            throw EngineException.From(new SystemCallException("open", path, (Errno)failure.HResult), path);
        }
    }
}
