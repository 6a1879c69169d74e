using System.Text.Json;
using System.Text.Json.Serialization;

namespace Container.Engine.Configuration;

/// <summary>Keeps a <see cref="NamespaceMode"/> in its written form.</summary>
internal sealed class NamespaceModeConverter : JsonConverter<NamespaceMode>
{
    public override NamespaceMode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NamespaceMode.TryParse(reader.GetString(), out NamespaceMode? mode)
            ? mode
            : throw new JsonException("no namespace mode");

    public override void Write(Utf8JsonWriter writer, NamespaceMode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
