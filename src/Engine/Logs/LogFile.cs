using Container.Native.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Logs;

/// <summary>
/// One open file of a log. A log is a chain: <c>container.log</c> is written to, <c>container.log.1</c> is the one
/// before, and so on. Rotation renames; an open file stays what it is, which is how a reader follows without a gap.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private LogFile(SafeFileHandle handle)
    {
        Handle = handle;
        Identity = FileIdentity.Of(handle);
    }

    public SafeFileHandle Handle { get; }

    public FileIdentity Identity { get; }

    public long Length => RandomAccess.GetLength(Handle);

    /// <summary>Opens the whole chain, oldest first.</summary>
    public static List<LogFile> OpenChain(string path)
    {
        // The newest first: a rotation meanwhile makes one file appear twice, never not at all.
        List<LogFile> chain = [];
        for (int index = 0; ; index++)
        {
            LogFile? file = TryOpen(index == 0 ? path : $"{path}.{index}");
            if (file is null)
            {
                // Between its two renames a rotation leaves a moment without the first file.
                if (index == 0) continue;
                break;
            }

            if (chain.Exists(known => known.Identity == file.Identity)) file.Dispose();
            else chain.Add(file);
        }

        chain.Reverse();
        return chain;
    }

    public void Dispose() => Handle.Dispose();

    private static LogFile? TryOpen(string path)
    {
        try
        {
            return new LogFile(File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }
}
