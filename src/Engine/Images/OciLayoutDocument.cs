using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>The file oci-layout, which says that a directory is one.</summary>
internal sealed record OciLayoutDocument
{
    public const string FileName = "oci-layout";

    [JsonPropertyName("imageLayoutVersion")]
    public string ImageLayoutVersion { get; init => field = value ?? "1.0.0"; } = "1.0.0";
}
