using System.Globalization;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>Where in memory this process's command line is: what /proc/PID/cmdline shows to everybody.</summary>
internal static class OwnArguments
{
    // proc_pid_stat(5): arg_start and arg_end are fields 48 and 49; field 3 is the first after the name.
    private const int StartField = 48 - 3;

    /// <summary>The first byte and the number of bytes; 0 where the kernel does not tell.</summary>
    public static (nint Start, nint Length) Find()
    {
        const string path = "/proc/self/stat";
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY);
        string text = Encoding.Latin1.GetString(Files.ReadAll(file, 4096, path));
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        if (fields.Length <= StartField + 1) return default;
        nint start = nint.Parse(fields[StartField], CultureInfo.InvariantCulture);
        nint end = nint.Parse(fields[StartField + 1], CultureInfo.InvariantCulture);
        return end > start ? (start, end - start) : default;
    }
}
