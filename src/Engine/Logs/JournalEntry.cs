using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Container.Engine.Logs;

/// <summary>One entry of the journal, as <c>journalctl -o json</c> shows it.</summary>
internal readonly record struct JournalEntry(
    string Cursor, DateTimeOffset Time, LogStream Stream, bool IsPartial, byte[] Text)
{
    /// <summary>The fields that are read.</summary>
    public const string Fields = "MESSAGE,PRIORITY,CONTAINER_PARTIAL_MESSAGE,_SOURCE_REALTIME_TIMESTAMP";

    private const string Errors = "3";

    /// <summary>Reads one line; false for what is no entry with a message.</summary>
    public static bool TryParse(string line, out JournalEntry entry)
    {
        entry = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement fields = document.RootElement;
            if (fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty("MESSAGE", out JsonElement message)
                || ReadBytes(message) is not { } text || ReadTime(fields) is not { } time)
                return false;
            entry = new JournalEntry(
                ReadText(fields, "__CURSOR") ?? "", time,
                ReadText(fields, "PRIORITY") == Errors ? LogStream.Stderr : LogStream.Stdout,
                ReadText(fields, "CONTAINER_PARTIAL_MESSAGE") == "true", text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // When it was sent, where the journal knows that; else when it came. Both in microseconds.
    private static DateTimeOffset? ReadTime(JsonElement fields) =>
        long.TryParse(
            ReadText(fields, "_SOURCE_REALTIME_TIMESTAMP") ?? ReadText(fields, "__REALTIME_TIMESTAMP"),
            NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
        && microseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() * 1000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    private static string? ReadText(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // What is no printable UTF-8 is an array of its bytes.
    private static byte[]? ReadBytes(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return Encoding.UTF8.GetBytes(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Array) return null;
        byte[] bytes = new byte[value.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetByte(out bytes[index++])) return null;
        }

        return bytes;
    }
}
