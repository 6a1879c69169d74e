using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Container.Native.Json;

/// <summary>
/// Reads records from JSON in one pass. It is a thin layer over Utf8JsonReader instead of a generated JsonSerializer
/// context because the serializer's metadata costs psrun 3.4 ms before the first value is read, more than crun needs
/// for all of <c>state</c>; and because it can say where a wrong value stands and what was expected there.
/// Null counts as absent, as in the Go programs that write these documents.
/// </summary>
internal ref struct JsonSource
{
    private readonly ReadOnlySpan<byte> json;
    private readonly int maxDepth;
    private Utf8JsonReader reader;

    public JsonSource(ReadOnlySpan<byte> json, int maxDepth)
    {
        this.json = json;
        this.maxDepth = maxDepth;

        // The limit is checked here and not by the reader, whose exception does not tell it from other errors.
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
    }

    /// <summary>Reads the whole document as one object.</summary>
    public T Document<T>()
        where T : class, IJsonObject<T>
    {
        try
        {
            Advance();
            if (reader.TokenType != JsonTokenType.StartObject) throw Expected("an object");
            T value = T.Read(ref this);
            reader.Read();
            return value;
        }
        catch (JsonException exception)
        {
            string where = string.Create(
                CultureInfo.InvariantCulture,
                $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
            throw new DocumentException(null, json.Trim(" \t\r\n"u8).IsEmpty ? "the document is empty" : $"not valid JSON at {where}");
        }
    }

    /// <summary>Goes to the next member of the current object; false after the last one.</summary>
    public bool NextMember()
    {
        Advance();
        if (reader.TokenType != JsonTokenType.PropertyName) return false;

        // Comparing would throw where half of a character is escaped.
        if (reader.ValueIsEscaped) CurrentText();
        return true;
    }

    /// <summary>Whether the current member has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => reader.ValueTextEquals(name);

    /// <summary>Skips the value of a member that is not known.</summary>
    public void Skip()
    {
        Advance();
        int depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        do
        {
            Advance();
        }
        while (reader.CurrentDepth > depth);
    }

    /// <summary>A text that must be there: empty where it is null.</summary>
    public string Text() => OptionalText() ?? "";

    /// <summary>A text, or null where it is null or empty.</summary>
    public string? OptionalText()
    {
        if (!NextValue()) return null;
        string text = CurrentText();
        return text.Length == 0 ? null : text;
    }

    public bool Flag() => OptionalFlag() ?? false;

    public bool? OptionalFlag()
    {
        if (!NextValue()) return null;
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) throw Expected("a boolean");
        return reader.GetBoolean();
    }

    public long Int64() => OptionalInt64() ?? 0;

    public long? OptionalInt64()
    {
        if (!NextNumber()) return null;
        return reader.TryGetInt64(out long value) ? value : throw OutOfRange(long.MinValue, long.MaxValue);
    }

    public int Int32() => OptionalInt32() ?? 0;

    public int? OptionalInt32()
    {
        if (!NextNumber()) return null;
        return reader.TryGetInt32(out int value) ? value : throw OutOfRange(int.MinValue, int.MaxValue);
    }

    public ulong UInt64() => OptionalUInt64() ?? 0;

    public ulong? OptionalUInt64()
    {
        if (!NextNumber()) return null;
        return reader.TryGetUInt64(out ulong value) ? value : throw OutOfRange(0, ulong.MaxValue);
    }

    public uint UInt32() => OptionalUInt32() ?? 0;

    public uint? OptionalUInt32() => NextNumber() ? CurrentUInt32() : null;

    public ushort? OptionalUInt16()
    {
        if (!NextNumber()) return null;
        return reader.TryGetUInt16(out ushort value) ? value : throw OutOfRange(0, ushort.MaxValue);
    }

    public DateTimeOffset? OptionalTime()
    {
        if (!NextValue()) return null;
        if (reader.TokenType != JsonTokenType.String) throw Expected("a string");

        // As in NextMember.
        if (reader.ValueIsEscaped) CurrentText();
        return reader.TryGetDateTimeOffset(out DateTimeOffset value) ? value : throw Wrong("not a time of RFC 3339");
    }

    public T? Object<T>()
        where T : class, IJsonObject<T> => NextValue() ? CurrentObject<T>() : null;

    public T[]? Objects<T>()
        where T : class, IJsonObject<T>
    {
        if (!NextArray()) return null;
        List<T> items = [];
        while (NextElement()) items.Add(CurrentObject<T>());
        return items.ToArray();
    }

    public string[]? Texts()
    {
        if (!NextArray()) return null;
        List<string> items = [];
        while (NextElement()) items.Add(CurrentText());
        return items.ToArray();
    }

    public uint[]? UInt32s()
    {
        if (!NextArray()) return null;
        List<uint> items = [];
        while (NextElement())
        {
            if (reader.TokenType != JsonTokenType.Number) throw Expected("a number");
            items.Add(CurrentUInt32());
        }

        return items.ToArray();
    }

    public Dictionary<string, string>? TextMap()
    {
        if (!NextMap()) return null;
        Dictionary<string, string> items = [];
        while (NextMember())
        {
            string key = CurrentText();
            items[key] = Text();
        }

        return items;
    }

    public Dictionary<string, T>? ObjectMap<T>()
        where T : class, IJsonObject<T>
    {
        if (!NextMap()) return null;
        Dictionary<string, T> items = [];
        while (NextMember())
        {
            string key = CurrentText();
            items[key] = Object<T>() ?? throw Expected("an object");
        }

        return items;
    }

    private void Advance()
    {
        reader.Read();
        if (reader.CurrentDepth >= maxDepth &&
            reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            throw new DocumentException(null, $"the document nests more than {maxDepth} levels deep");
    }

    /// <summary>Goes from the name of a member to its value; false where that is null.</summary>
    private bool NextValue()
    {
        Advance();
        return reader.TokenType != JsonTokenType.Null;
    }

    private bool NextNumber()
    {
        if (!NextValue()) return false;
        return reader.TokenType == JsonTokenType.Number ? true : throw Expected("a number");
    }

    private bool NextArray()
    {
        if (!NextValue()) return false;
        return reader.TokenType == JsonTokenType.StartArray ? true : throw Expected("an array");
    }

    private bool NextMap()
    {
        if (!NextValue()) return false;
        return reader.TokenType == JsonTokenType.StartObject ? true : throw Expected("an object");
    }

    private bool NextElement()
    {
        Advance();
        return reader.TokenType != JsonTokenType.EndArray;
    }

    private T CurrentObject<T>()
        where T : class, IJsonObject<T> =>
        reader.TokenType == JsonTokenType.StartObject ? T.Read(ref this) : throw Expected("an object");

    private readonly uint CurrentUInt32() =>
        reader.TryGetUInt32(out uint value) ? value : throw OutOfRange(0, uint.MaxValue);

    private readonly string CurrentText()
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw Expected("a string");
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("not valid Unicode");
        }

        // Everything in these documents ends up as a C string: what follows a NUL would silently be lost.
        return reader.ValueIsEscaped && text.Contains('\0') ? throw Wrong("contains a NUL character") : text;
    }

    private readonly DocumentException Expected(string what) => Wrong($"expected {what}, found {Found()}");

    private readonly DocumentException OutOfRange(Int128 least, Int128 most)
    {
        string text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)]);
        return Wrong($"expected a whole number from {least} to {most}, found {text}");
    }

    private readonly DocumentException Wrong(string problem)
    {
        string? path = JsonLocation.At(json, reader.TokenStartIndex);
        return new DocumentException(path, path is null ? problem : $"{path}: {problem}");
    }

    private readonly string Found() => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
