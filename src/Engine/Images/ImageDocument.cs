using System.Text.Json.Serialization;

namespace Container.Engine.Images;

/// <summary>The configuration document of the OCI image specification, as far as images of ours need it.</summary>
internal sealed record ImageDocument
{
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("architecture")]
    public string Architecture { get; init => field = value ?? string.Empty; } = string.Empty;

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    [JsonPropertyName("os")]
    public string Os { get; init => field = value ?? string.Empty; } = string.Empty;

    [JsonPropertyName("config")]
    public ImageConfiguration? Config { get; init; }

    [JsonPropertyName("rootfs")]
    public RootFsDocument RootFs { get; init => field = value ?? new(); } = new();

    [JsonPropertyName("history")]
    public IReadOnlyList<HistoryDocument>? History { get; init; }

    internal sealed record RootFsDocument
    {
        [JsonPropertyName("type")]
        public string Type { get; init => field = value ?? "layers"; } = "layers";

        [JsonPropertyName("diff_ids")]
        public IReadOnlyList<string> DiffIds { get; init => field = value ?? []; } = [];
    }

    internal sealed record HistoryDocument
    {
        [JsonPropertyName("created")]
        public DateTimeOffset? Created { get; init; }

        [JsonPropertyName("author")]
        public string? Author { get; init; }

        [JsonPropertyName("created_by")]
        public string? CreatedBy { get; init; }

        [JsonPropertyName("comment")]
        public string? Comment { get; init; }

        [JsonPropertyName("empty_layer")]
        public bool? EmptyLayer { get; init; }
    }
}
