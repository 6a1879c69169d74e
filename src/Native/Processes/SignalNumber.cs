using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Container.Native.Processes;

/// <summary>Signals by name and number (signal(7)); x86-64 and arm64 number them alike.</summary>
public static class SignalNumber
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>The highest number.</summary>
    public const int Last = 64;

    // The C library keeps 32 and 33 for its threads.
    private const int FirstRealTime = 34;

    private static readonly string[] Table =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The names of signals 1 to 31, without SIG.</summary>
    public static IReadOnlyList<string> Names => new ArraySegment<string>(Table, 1, Table.Length - 1);

    /// <summary>Reads <c>TERM</c>, <c>SIGTERM</c>, <c>sigterm</c>, <c>15</c> or <c>RTMIN+3</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out int number)
    {
        number = 0;
        if (string.IsNullOrEmpty(text)) return false;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return number is > 0 and <= Last;

        ReadOnlySpan<char> name = text;
        if (name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase)) name = name[3..];
        number = name.StartsWith("RT", StringComparison.OrdinalIgnoreCase) ? RealTime(name) : Find(name);
        return number > 0;
    }

    /// <summary>The name of a signal, as in SIGTERM.</summary>
    public static string NameOf(int number) =>
        number > 0 && number < Table.Length ? "SIG" + Table[number]
        : number >= FirstRealTime && number <= Last ? $"SIGRTMIN+{number - FirstRealTime}"
        : number.ToString(CultureInfo.InvariantCulture);

    private static int Find(ReadOnlySpan<char> name)
    {
        for (int number = 1; number < Table.Length; number++)
        {
            if (name.Equals(Table[number], StringComparison.OrdinalIgnoreCase)) return number;
        }

        return name.Equals("IOT", StringComparison.OrdinalIgnoreCase) ? 6
            : name.Equals("POLL", StringComparison.OrdinalIgnoreCase) ? 29 : 0;
    }

    private static int RealTime(ReadOnlySpan<char> name)
    {
        if (name.Length < 5) return 0;
        bool fromFirst = name[..5].Equals("RTMIN", StringComparison.OrdinalIgnoreCase);
        if (!fromFirst && !name[..5].Equals("RTMAX", StringComparison.OrdinalIgnoreCase)) return 0;
        int number = fromFirst ? FirstRealTime : Last;
        ReadOnlySpan<char> rest = name[5..];
        if (rest.IsEmpty) return number;
        if (rest[0] != (fromFirst ? '+' : '-')
            || !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
            return 0;
        number += fromFirst ? offset : -offset;
        return number is >= FirstRealTime and <= Last ? number : 0;
    }
}
