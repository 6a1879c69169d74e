using System.Globalization;
using System.Text;

namespace Container.Native.Cgroups.Systemd;

/// <summary>
/// A value of D-Bus in the text format of GVariant: <c>true</c>, <c>5</c>, <c>uint64 5</c>, <c>'text'</c>,
/// <c>@as ['a','b']</c>. It has what properties of units have: no dictionaries and no structures.
/// </summary>
internal sealed class VariantText
{
    private static readonly (string Word, string Type)[] Words =
    [
        ("boolean", "b"), ("byte", "y"), ("int16", "n"), ("uint16", "q"), ("int32", "i"), ("uint32", "u"),
        ("int64", "x"), ("uint64", "t"), ("double", "d"), ("string", "s"), ("objectpath", "o"), ("signature", "g"),
    ];

    private readonly string text;
    private int position;

    private VariantText(string text) => this.text = text;

    /// <summary>A value.</summary>
    /// <param name="Type">Its D-Bus type.</param>
    /// <param name="Write">Writes it.</param>
    /// <param name="Number">What it is, if it is a number.</param>
    internal readonly record struct Value(string Type, Action<BusWriter> Write, decimal? Number = null);

    /// <summary>Reads a text to its end.</summary>
    /// <exception cref="FormatException">It is no such value.</exception>
    public static Value Parse(string text)
    {
        VariantText reader = new(text);
        Value value = reader.Read(null);
        reader.SkipSpace();
        return reader.position == text.Length ? value : throw reader.Wrong("a value and nothing after it");
    }

    private Value Read(string? type)
    {
        SkipSpace();
        if (position == text.Length) throw Wrong("a value");
        char first = text[position];
        if (first == '@')
        {
            position++;
            return Read(Check(type, ReadTypeWord()));
        }

        if (first == '[') return ReadArray(type);
        if (first is '\'' or '"') return CreateText(Check(type, type is "o" or "g" ? type : "s"), ReadQuoted(first));
        string word = ReadWord();
        if (word is "true" or "false")
        {
            Check(type, "b");
            return new Value("b", w => w.Flag(word == "true"));
        }

        foreach ((string name, string code) in Words)
        {
            if (word == name) return Read(Check(type, code));
        }

        return CreateNumber(word, type);
    }

    private Value ReadArray(string? type)
    {
        string? inner = type is ['a', ..] ? type[1..] : type is null ? null : throw Wrong($"a value of type '{type}'");
        List<Value> values = [];
        position++;
        SkipSpace();
        while (position < text.Length && text[position] != ']')
        {
            if (values.Count > 0) Take(',');
            values.Add(Read(inner));
            inner = values[0].Type;
            SkipSpace();
        }

        Take(']');
        if (inner is null) throw Wrong("a type before the empty array, such as '@as'");
        return new Value("a" + inner, w => w.Array(Alignment(inner), () =>
        {
            foreach (Value value in values) value.Write(w);
        }));
    }

    private Value CreateText(string type, string value) => type switch
    {
        "s" or "o" => new Value(type, w => w.Text(value)),
        "g" => new Value(type, w => w.Signature(value)),
        _ => throw Wrong($"a value of type '{type}'"),
    };

    private Value CreateNumber(string word, string? type)
    {
        bool isWhole = decimal.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole);
        if (!isWhole && word.StartsWith("0x", StringComparison.Ordinal))
        {
            isWhole = ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex);
            whole = hex;
        }

        type ??= isWhole || !word.Contains('.', StringComparison.Ordinal) ? "i" : "d";
        if (type == "d")
        {
            const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!double.TryParse(word, Style, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
                throw Wrong("a number");
            return new Value(
                type, w => w.UInt64(BitConverter.DoubleToUInt64Bits(number)),
                Math.Abs(number) < (double)ulong.MaxValue ? (decimal)number : null);
        }

        (decimal Least, decimal Most) range = type switch
        {
            "y" => (0m, byte.MaxValue),
            "n" => (short.MinValue, short.MaxValue),
            "q" => (0, ushort.MaxValue),
            "i" => (int.MinValue, int.MaxValue),
            "u" => (0, uint.MaxValue),
            "x" => (long.MinValue, long.MaxValue),
            "t" => (0, (decimal)ulong.MaxValue),
            _ => throw Wrong($"a value of type '{type}'"),
        };
        if (!isWhole || whole < range.Least || whole > range.Most)
            throw Wrong($"a number from {range.Least} to {range.Most}");
        return new Value(
            type,
            w =>
            {
                switch (type)
                {
                    case "y": w.Byte((byte)whole); break;
                    case "n": w.UInt16(unchecked((ushort)(short)whole)); break;
                    case "q": w.UInt16((ushort)whole); break;
                    case "i": w.UInt32(unchecked((uint)(int)whole)); break;
                    case "u": w.UInt32((uint)whole); break;
                    case "x": w.UInt64(unchecked((ulong)(long)whole)); break;
                    default: w.UInt64((ulong)whole); break;
                }
            },
            whole);
    }

    private string ReadQuoted(char quote)
    {
        StringBuilder value = new();
        for (position++; position < text.Length && text[position] != quote; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
                value.Append(text[position] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
                continue;
            }

            // The text format of D-Bus has none either.
            if (text[position] == '\0') throw Wrong("a text without NUL");
            value.Append(text[position]);
        }

        Take(quote);
        return value.ToString();
    }

    private string ReadTypeWord()
    {
        string type = ReadWord();
        string inner = type.TrimStart('a');
        foreach ((_, string code) in Words)
        {
            if (inner == code) return type;
        }

        throw Wrong("a type after '@'");
    }

    private string ReadWord()
    {
        int start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '+' or '-' or '.'))
            position++;
        return position > start ? text[start..position] : throw Wrong("a value");
    }

    private void SkipSpace()
    {
        while (position < text.Length && text[position] == ' ') position++;
    }

    private void Take(char expected)
    {
        SkipSpace();
        if (position == text.Length || text[position] != expected) throw Wrong($"'{expected}'");
        position++;
    }

    private string Check(string? wanted, string found) =>
        wanted is null || wanted == found ? found : throw Wrong($"a value of type '{wanted}'");

    private FormatException Wrong(string expected) => new($"{expected} is expected at character {position + 1}");

    private static int Alignment(string type) => type[0] switch
    {
        'y' or 'g' => 1,
        'n' or 'q' => 2,
        'x' or 't' or 'd' => 8,
        _ => 4,
    };
}
