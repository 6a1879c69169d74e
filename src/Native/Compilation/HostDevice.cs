using System.Text;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Where the host has a device's node.</summary>
internal static class HostDevice
{
    private const int Limit = 64 * 1024;

    /// <summary>
    /// The device's own path, or, where the host has something else there or nothing, the one that its kernel gives the
    /// node of these numbers; the document's path if there is none, for the message.
    /// </summary>
    public static string Find(OciDevice device)
    {
        if (IsAt(device.Path, device)) return device.Path;
        string kind = device.Type == "b" ? "block" : "char";
        string events = $"/sys/dev/{kind}/{device.Major}:{device.Minor}/uevent";
        if (!FileCalls.Exists(events)) return device.Path;
        using FileDescriptor file = FileCalls.Open(events, FileCalls.O_RDONLY);
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, events)).Split('\n'))
        {
            const string Name = "DEVNAME=";
            if (!line.StartsWith(Name, StringComparison.Ordinal)) continue;
            string path = "/dev/" + line[Name.Length..];
            if (IsAt(path, device)) return path;
        }

        return device.Path;
    }

    private static unsafe bool IsAt(string path, OciDevice device)
    {
        FileStatus status;
        return FileCalls.statx(FileCalls.AT_FDCWD, path, 0, FileStatus.STATX_BASIC_STATS, &status) == 0
            && status.Type == (DeviceCompiler.Mode(device) & FileCalls.S_IFMT)
            && status.SpecialMajor == device.Major && status.SpecialMinor == device.Minor;
    }
}
