using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>The manifest document of the OCI image specification.</summary>
internal sealed record ManifestDocument
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string ConfigType = "application/vnd.oci.image.config.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; } = 2;

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("config")]
    public Descriptor? Config { get; init; }

    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    /// <summary>Only an index has these; a document with both is refused (CVE-2021-41190).</summary>
    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; init; }

    /// <summary>A manifest of layers that are not compressed.</summary>
    public static ManifestDocument OfPlainLayers(
        string config, long configSize, IReadOnlyList<string> diffIds, IReadOnlyList<LayerDocument> layers) => new()
        {
            MediaType = ManifestType,
            Config = new Descriptor { MediaType = ConfigType, Digest = config, Size = configSize },
            Layers =
            [
                .. diffIds.Select((digest, index) => new Descriptor
                {
                    MediaType = LayerType, Digest = digest, Size = layers[index].ArchiveSize,
                }),
            ],
        };

    internal sealed record PlatformDocument
    {
        [JsonPropertyName("architecture")]
        public string? Architecture { get; init; }

        [JsonPropertyName("os")]
        public string? Os { get; init; }

        [JsonPropertyName("variant")]
        public string? Variant { get; init; }
    }

    internal sealed record Descriptor
    {
        [JsonPropertyName("mediaType")]
        public string? MediaType { get; init; }

        [JsonPropertyName("digest")]
        public string Digest { get; init => field = value ?? string.Empty; } = string.Empty;

        [JsonPropertyName("size")]
        public long Size { get; init; }

        [JsonPropertyName("annotations")]
        public IReadOnlyDictionary<string, string>? Annotations { get; init; }

        [JsonPropertyName("platform")]
        public PlatformDocument? Platform { get; init; }
    }
}
