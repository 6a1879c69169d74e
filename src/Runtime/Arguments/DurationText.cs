using System.Globalization;

namespace Container.Runtime.Arguments;

/// <summary>Times as runc takes them: numbers with units, such as 5s, 1m30s or 250ms.</summary>
internal static class DurationText
{
    // The longer of two that begin alike comes first.
    private static readonly (string Unit, double Milliseconds)[] Units =
        [("ms", 1), ("us", 1e-3), ("µs", 1e-3), ("ns", 1e-6), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    /// <summary>The value of an option in milliseconds, at least one.</summary>
    public static int Parse(string option, string text)
    {
        double total = 0;
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            int length = 0;
            while (length < rest.Length && (char.IsAsciiDigit(rest[length]) || rest[length] == '.')) length++;
            if (length == 0) throw Wrong(option, text);
            bool valid = double.TryParse(
                rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            rest = rest[length..];
            int unit = -1;
            for (int i = 0; i < Units.Length && unit < 0; i++)
            {
                if (rest.StartsWith(Units[i].Unit, StringComparison.Ordinal)) unit = i;
            }

            if (!valid || unit < 0) throw Wrong(option, text);
            rest = rest[Units[unit].Unit.Length..];
            total += number * Units[unit].Milliseconds;
        }

        return total is > 0 and < int.MaxValue ? Math.Max((int)total, 1) : throw Wrong(option, text);
    }

    private static UsageException Wrong(string option, string text) =>
        new($"--{option}: '{text}' is not a time such as 5s or 1m30s");
}
