using System.Globalization;
using Container.Runtime.Arguments;

namespace Container.Runtime.State;

/// <summary>Signals as people write them: 9, KILL, SIGKILL, RTMIN+1 (signal(7), numbers of x86-64 and arm64).</summary>
internal static class SignalNames
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int RealTimeLeast = 34;
    private const int Most = 64;

    private static string[] Names =>
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The number of a signal; 0 is none, which asks only whether the process is there.</summary>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number <= Most ? number : throw new UsageException($"'{text}' is not a signal");
        string name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal)) name = name[3..];
        name = name switch
        {
            "CLD" => "CHLD",
            "IOT" => "ABRT",
            "POLL" => "IO",
            _ => name,
        };
        int index = name.Length == 0 ? -1 : Array.IndexOf(Names, name);
        if (index > 0) return index;
        return RealTime(name) ?? throw new UsageException($"'{text}' is not a signal");
    }

    private static int? RealTime(string name)
    {
        bool fromLeast = name.StartsWith("RTMIN", StringComparison.Ordinal);
        if (!fromLeast && !name.StartsWith("RTMAX", StringComparison.Ordinal)) return null;
        int start = fromLeast ? RealTimeLeast : Most;
        if (name.Length == 5) return start;
        bool valid = int.TryParse(
            name.AsSpan(5), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int offset);
        int number = start + offset;
        return valid && number is >= RealTimeLeast and <= Most ? number : null;
    }
}
