using System.Globalization;

namespace Container.Native.Oci.Validation;

/// <summary>Lists of processors or memory nodes such as <c>0-3,7</c>, cpuset(7) "List format".</summary>
internal static class NumberList
{
    public static void Check(string? list, string path)
    {
        if (list is null) return;
        ReadOnlySpan<char> rest = list;
        while (true)
        {
            int comma = rest.IndexOf(',');
            if (!IsRange(comma < 0 ? rest : rest[..comma]))
                throw Problem.At(path, $"'{list}' is not a list such as '0-3,7'");
            if (comma < 0) return;
            rest = rest[(comma + 1)..];
        }
    }

    /// <summary>The numbers of a checked list as bits, 64 in a word.</summary>
    public static ulong[] ToMask(string list)
    {
        List<ulong> words = [];
        foreach (Range part in list.AsSpan().Split(','))
        {
            ReadOnlySpan<char> range = list.AsSpan(part);
            int dash = range.IndexOf('-');
            int first = int.Parse(dash < 0 ? range : range[..dash], CultureInfo.InvariantCulture);
            int last = dash < 0 ? first : int.Parse(range[(dash + 1)..], CultureInfo.InvariantCulture);
            while (words.Count <= last / 64) words.Add(0);
            for (int number = first; number <= last; number++) words[number / 64] |= 1UL << (number % 64);
        }

        return [.. words];
    }

    private static bool IsRange(ReadOnlySpan<char> text)
    {
        int dash = text.IndexOf('-');
        if (dash < 0) return IsNumber(text, out _);
        return IsNumber(text[..dash], out int first) && IsNumber(text[(dash + 1)..], out int last) && first <= last;
    }

    private static bool IsNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c) || number > 100_000) return false;
            number = (number * 10) + (c - '0');
        }

        return text.Length > 0;
    }
}
