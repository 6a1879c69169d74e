using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Container.Engine.Tests.Images;

/// <summary>Makes OCI layouts below a directory, of whatever layers and documents a test wants.</summary>
internal sealed class LayoutBuilder
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string ConfigType = "application/vnd.oci.image.config.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    private readonly string blobs;
    private readonly JsonArray manifests = [];

    public LayoutBuilder(string path)
    {
        Path = path;
        blobs = System.IO.Path.Combine(path, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        File.WriteAllText(System.IO.Path.Combine(path, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    public string Path { get; }

    /// <summary>Adds an image of these layers, the lowest first.</summary>
    public LayoutBuilder Image(string? name, params TarBuilder[] layers)
    {
        JsonObject descriptor = Manifest(Config(layers), layers);
        if (name is not null)
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
        return Add(descriptor);
    }

    /// <summary>Adds an entry of the index.</summary>
    public LayoutBuilder Add(JsonObject descriptor)
    {
        manifests.Add(descriptor.DeepClone());
        return this;
    }

    /// <summary>A configuration of these layers.</summary>
    public static JsonObject Config(params TarBuilder[] layers) => new()
    {
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["config"] = new JsonObject { ["Cmd"] = new JsonArray("sh"), ["Env"] = new JsonArray("PATH=/bin") },
        ["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)Digest(layer.Content))]),
        },
    };

    /// <summary>The descriptor of a manifest with this configuration and these layers.</summary>
    public JsonObject Manifest(JsonObject config, params TarBuilder[] layers) => Document(ManifestType, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = ManifestType,
        ["config"] = Document(ConfigType, config),
        ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Blob(LayerType, layer.Content))]),
    });

    /// <summary>The descriptor of an index of these.</summary>
    public JsonObject Index(params JsonObject[] entries) => Document(IndexType, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = IndexType,
        ["manifests"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]),
    });

    public JsonObject Document(string type, JsonNode content) => Blob(type, JsonSerializer.SerializeToUtf8Bytes(content));

    public JsonObject Blob(string type, byte[] content)
    {
        string digest = Digest(content);
        File.WriteAllBytes(System.IO.Path.Combine(blobs, digest["sha256:".Length..]), content);
        return new JsonObject { ["mediaType"] = type, ["digest"] = digest, ["size"] = content.Length };
    }

    /// <summary>Writes the index.</summary>
    /// <returns>The directory.</returns>
    public string Write()
    {
        JsonObject index = new()
        {
            ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests.DeepClone(),
        };
        File.WriteAllText(System.IO.Path.Combine(Path, "index.json"), index.ToJsonString());
        return Path;
    }

    public static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
