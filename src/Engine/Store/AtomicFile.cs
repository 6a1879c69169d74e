using System.Globalization;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>
/// State files that are there whole or not at all: written beside, flushed, renamed, and the directory flushed, so that
/// neither a crash nor a full disk loses what was there before.
/// </summary>
public static class AtomicFile
{
    private const string Suffix = ".tmp";

    /// <summary>Replaces a file's content.</summary>
    /// <param name="path">The file, in a directory of the engine's own that exists.</param>
    /// <param name="content">What it shall hold.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="flush">Whether it has to survive that the host goes down.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, uint mode = 0x180, bool flush = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        string temporary = string.Create(
            CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.{Guid.NewGuid():N}{Suffix}");
        try
        {
            using RootDirectory directory = RootDirectory.Open(Path.GetDirectoryName(path) ?? "/");
            try
            {
                using (FileDescriptor file = directory.CreateFile(temporary, mode))
                {
                    file.Write(content, path);
                    if (flush) file.Flush(path);
                }

                directory.Rename(temporary, name);
            }
            catch
            {
                directory.Remove(temporary);
                throw;
            }

            if (!flush) return;

            // The rename is on the disk when the directory is.
            using FileDescriptor itself = directory.OpenDirectory(".");
            itself.Flush(path);
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, path);
        }
    }

    /// <summary>Removes what writers that died left in a directory.</summary>
    public static void RemoveStale(string directory)
    {
        foreach (string file in FindStale(directory)) File.Delete(file);
    }

    /// <summary>What writers that died left in a directory.</summary>
    public static IReadOnlyList<string> FindStale(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return [.. DirectoryListing.Files(directory, ".*" + Suffix).Where(IsStale)];
    }

    private static bool IsStale(string file)
    {
        string[] parts = Path.GetFileName(file).Split('.');
        return parts.Length >= 5 && int.TryParse(parts[^3], CultureInfo.InvariantCulture, out int writer)
            && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{writer}"));
    }
}
