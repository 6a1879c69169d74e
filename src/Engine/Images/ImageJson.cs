using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>Reads documents of images that others wrote.</summary>
internal static class ImageJson
{
    /// <summary>Reads one; what is malformed, or null where something has to be, is refused.</summary>
    public static T Parse<T>(byte[] content, JsonTypeInfo<T> type, string name)
        where T : class
    {
        try
        {
            RefuseNulls(content);
            return JsonSerializer.Deserialize(content, type) ?? throw ArchiveFailure.Invalid($"'{name}' is empty");
        }
        catch (JsonException failure)
        {
            throw ArchiveFailure.Invalid($"'{name}' is malformed: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    // The types say which members may be null, but not of what arrays and maps hold.
    private static void RefuseNulls(ReadOnlySpan<byte> content)
    {
        Utf8JsonReader reader = new(content, new JsonReaderOptions { MaxDepth = 32 });
        Stack<bool> holders = [];
        bool isMap = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    holders.Push(true);
                    break;
                case JsonTokenType.StartObject:
                    holders.Push(isMap);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    holders.Pop();
                    break;
                case JsonTokenType.Null when holders.TryPeek(out bool refuses) && refuses:
                    throw new JsonException("there is a null among the values of a list or map");
            }

            isMap = reader.TokenType == JsonTokenType.PropertyName
                && (reader.ValueTextEquals("Labels"u8) || reader.ValueTextEquals("annotations"u8)
                    || reader.ValueTextEquals("ExposedPorts"u8) || reader.ValueTextEquals("Volumes"u8));
        }
    }
}
