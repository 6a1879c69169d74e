using System.Globalization;
using Container.Runtime.Arguments;

namespace Container.Runtime.Resources;

/// <summary>Amounts of memory as people write them: 512m, 1.5GiB, 100000; -1 is no limit. Units are powers of 1024.</summary>
internal static class ByteSize
{
    private const string Units = "kmgtp";

    /// <summary>The value of an option as bytes.</summary>
    public static long Parse(string option, string text)
    {
        if (text == "-1") return -1;
        ReadOnlySpan<char> rest = text.AsSpan().TrimEnd("bB");
        if (rest.Length < text.Length - 1) throw Wrong(option, text);
        rest = rest.EndsWith("i", StringComparison.OrdinalIgnoreCase) ? rest[..^1] : rest;
        int unit = rest.IsEmpty ? -1 : Units.IndexOf(char.ToLowerInvariant(rest[^1]), StringComparison.Ordinal);
        if (unit < 0 && rest.Length < text.AsSpan().TrimEnd("bB").Length) throw Wrong(option, text);
        if (unit >= 0) rest = rest[..^1];
        bool valid = decimal.TryParse(
            rest.TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        if (!valid || number > long.MaxValue >> (10 * (unit + 1))) throw Wrong(option, text);
        return (long)(number * (1L << (10 * (unit + 1))));
    }

    private static UsageException Wrong(string option, string text) =>
        new($"--{option}: '{text}' is not an amount of memory such as 512m, or -1");
}
