using System.Globalization;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>The formats of cgroup files: a number, "key number" lines, "key=number" words.</summary>
internal static class CgroupText
{
    /// <summary>A number, -1 for "max"; null when it is neither. Past 63 bits it is clamped: "no limit".</summary>
    public static long? Number(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.SequenceEqual("max")) return -1;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            return value;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? long.MaxValue : null;
    }

    /// <summary>The number on the line that begins with <paramref name="key"/> and a blank.</summary>
    public static long? Find(string? text, string key)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                return Number(line[(key.Length + 1)..]);
            }
        }

        return null;
    }

    /// <summary>The number of the word <c>key=number</c> in a line.</summary>
    public static long? FindWord(ReadOnlySpan<char> line, string key)
    {
        foreach (Range range in line.Split(' '))
        {
            ReadOnlySpan<char> word = line[range];
            if (word.Length > key.Length && word[key.Length] == '=' && word.StartsWith(key, StringComparison.Ordinal))
            {
                return Number(word[(key.Length + 1)..]);
            }
        }

        return null;
    }

    /// <summary>Whether a blank-separated list holds <paramref name="name"/>.</summary>
    public static bool Lists(ReadOnlySpan<char> list, string name)
    {
        list = list.Trim();
        foreach (Range range in list.Split(' '))
        {
            if (list[range].SequenceEqual(name)) return true;
        }

        return false;
    }
}
