using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>This boot of the host: process ids of another one mean nothing.</summary>
public static class HostBoot
{
    private static string? id;

    /// <summary>/proc/sys/kernel/random/boot_id (random(4)).</summary>
    public static string Id => id ??= Read();

    private static string Read()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        return Encoding.ASCII.GetString(FileCalls.ReadAll(file, 64, path)).Trim();
    }
}
