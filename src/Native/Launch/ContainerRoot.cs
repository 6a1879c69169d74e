using System.Globalization;
using System.Text;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// The root of a container that shares its mount namespace: no namespace leads there, only its processes have it.
/// </summary>
internal static class ContainerRoot
{
    /// <summary>The root directory of the container's first process.</summary>
    public static FileDescriptor Open(FileDescriptor init)
    {
        FileDescriptor root = Files.Open($"/proc/{FindPid(init)}/root", Files.O_PATH | Files.O_DIRECTORY);

        // The id was the process' own as long as it is there now.
        if (ChildProcess.Signal(init, 0)) return root;
        root.Dispose();
        throw new SystemCallException("open", "the container's root", Errno.ESRCH);
    }

    private static int FindPid(FileDescriptor process)
    {
        const string Key = "Pid:";
        const int Limit = 4096;

        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{process.Number}");
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        foreach (string line in Encoding.ASCII.GetString(Files.ReadAll(file, Limit, path)).Split('\n'))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal))
                return int.Parse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture);
        }

        throw new SystemCallException("read", path, Errno.ESRCH);
    }
}
