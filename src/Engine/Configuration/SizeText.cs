using System.Globalization;

namespace Container.Engine.Configuration;

/// <summary>Sizes as people write them: 512, 64k, 512m, 1.5g, 2GB; powers of 1024.</summary>
public static class SizeText
{
    /// <summary>Reads a size in bytes.</summary>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> digits = (text ?? "").AsSpan().Trim();
        if (digits is [.., 'b' or 'B'] && digits.Length > 1) digits = digits[..^1];
        if (digits is [.., 'i']) digits = digits[..^1];
        int shift = digits is [.., char unit]
            ? "kmgt".IndexOf(char.ToLowerInvariant(unit), StringComparison.Ordinal)
            : -1;
        if (shift >= 0) digits = digits[..^1];

        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return false;
        if (number > long.MaxValue >> (10 * (shift + 1))) return false;
        bytes = (long)(number * (1L << (10 * (shift + 1))));
        return true;
    }
}
