using System.Globalization;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Processes;

/// <summary>
/// Where in memory this process's command line is, which /proc/PID/cmdline shows to everybody, and behind it what
/// /proc/PID/environ shows.
/// </summary>
internal static class OwnArguments
{
    // proc_pid_stat(5): arg_start, arg_end, env_start and env_end are fields 48 to 51; field 3 is the first after the
    // name.
    private const int StartField = 48 - 3;

    /// <summary>The first byte and the number of bytes of both; 0 where the kernel does not tell.</summary>
    public static (nint Start, nint Length) Find()
    {
        const string path = "/proc/self/stat";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        string text = Encoding.Latin1.GetString(FileCalls.ReadAll(file, 4096, path));
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        if (fields.Length <= StartField + 3) return default;
        nint start = Parse(fields[StartField]);
        nint end = Parse(fields[StartField + 1]);
        nint environment = Parse(fields[StartField + 2]);
        nint last = Parse(fields[StartField + 3]);

        // execve(2) puts one behind the other; prctl(2), PR_SET_MM, can tell them apart.
        if (environment == end && last > end) end = last;
        return end > start ? (start, end - start) : default;

        static nint Parse(string field) => nint.Parse(field, CultureInfo.InvariantCulture);
    }
}
