using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>How the documents of the image store become JSON.</summary>
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(LayerDocument))]
[JsonSerializable(typeof(DockerArchiveDocument[]))]
[JsonSerializable(typeof(OciLayoutDocument))]
[JsonSerializable(typeof(ImageRecord))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class ImageJsonContext : JsonSerializerContext
{
    /// <summary>The context for documents: what needs no escape in JSON is written as it is.</summary>
    public static ImageJsonContext Documents { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 32,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
