using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>How the documents of the image store become JSON.</summary>
/// <remarks>
/// Generated code sets every init member, those that a document lacks to null whatever the member is by default: members
/// that are never null say in their setter what they are then.
/// </remarks>
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
