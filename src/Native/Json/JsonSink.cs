using System.Buffers;
using System.Text.Json;

namespace Container.Native.Json;

/// <summary>Writes records as JSON; members that are null are left out.</summary>
internal sealed class JsonSink : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter writer;

    private JsonSink(bool indented)
    {
        JsonWriterOptions options = new()
        {
            Encoder = PlainEncoder.Instance,
            Indented = indented,
            SkipValidation = true,
        };
        writer = new Utf8JsonWriter(buffer, options);
    }

    /// <summary>The document of <paramref name="value"/>.</summary>
    public static byte[] Document<T>(T value, bool indented)
        where T : class, IJsonWritable
    {
        using JsonSink sink = new(indented);
        sink.Value(value);
        sink.writer.Flush();
        return sink.buffer.WrittenSpan.ToArray();
    }

    /// <summary>The document of a list.</summary>
    public static byte[] Document<T>(IReadOnlyList<T> values, bool indented)
        where T : class, IJsonWritable
    {
        using JsonSink sink = new(indented);
        sink.Values(values);
        sink.writer.Flush();
        return sink.buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => writer.Dispose();

    public void Member(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    public void Member(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is not null) writer.WriteBoolean(name, value.Value);
    }

    public void Member(ReadOnlySpan<byte> name, long? value)
    {
        if (value is not null) writer.WriteNumber(name, value.Value);
    }

    public void Member(ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is not null) writer.WriteNumber(name, value.Value);
    }

    public void Member(ReadOnlySpan<byte> name, double? value)
    {
        if (value is not null) writer.WriteNumber(name, value.Value);
    }

    public void Member(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is not null) writer.WriteString(name, value.Value);
    }

    public void Member<T>(ReadOnlySpan<byte> name, T? value)
        where T : class, IJsonWritable
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        Value(value);
    }

    public void Member(ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        writer.WriteStartArray(name);
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public void Member(ReadOnlySpan<byte> name, IReadOnlyList<uint>? values)
    {
        if (values is null) return;
        writer.WriteStartArray(name);
        foreach (uint value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public void Member(ReadOnlySpan<byte> name, IReadOnlyList<long>? values)
    {
        if (values is null) return;
        writer.WriteStartArray(name);
        foreach (long value in values) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public void Member<T>(ReadOnlySpan<byte> name, IReadOnlyList<T>? values)
        where T : class, IJsonWritable
    {
        if (values is null) return;
        writer.WritePropertyName(name);
        Values(values);
    }

    public void Member(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null) return;
        writer.WriteStartObject(name);
        foreach ((string key, string value) in values) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    public void Member(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, long>? values)
    {
        if (values is null) return;
        writer.WriteStartObject(name);
        foreach ((string key, long value) in values) writer.WriteNumber(key, value);
        writer.WriteEndObject();
    }

    public void Member<T>(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T>? values)
        where T : class, IJsonWritable
    {
        if (values is null) return;
        writer.WriteStartObject(name);
        foreach ((string key, T value) in values)
        {
            writer.WritePropertyName(key);
            Value(value);
        }

        writer.WriteEndObject();
    }

    private void Value<T>(T value)
        where T : class, IJsonWritable
    {
        writer.WriteStartObject();
        value.Write(this);
        writer.WriteEndObject();
    }

    private void Values<T>(IReadOnlyList<T> values)
        where T : class, IJsonWritable
    {
        writer.WriteStartArray();
        foreach (T value in values) Value(value);
        writer.WriteEndArray();
    }
}
