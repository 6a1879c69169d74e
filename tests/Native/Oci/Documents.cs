using System.Text;
using System.Text.Json.Nodes;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>The documents the tests of this folder start from, and ways to spoil them.</summary>
internal static class Documents
{
    public const string Minimal =
        """{"ociVersion":"1.3.0","process":{"args":["sh"],"cwd":"/"},"root":{"path":"rootfs"}}""";

    /// <summary>The minimal document with the member at <paramref name="path"/> replaced, or removed for null.</summary>
    public static byte[] With(string path, string? json)
    {
        JsonObject document = (JsonObject)JsonNode.Parse(Minimal)!;
        string[] names = path.Split('.');
        JsonObject parent = document;
        foreach (string name in names[..^1])
        {
            if (parent[name] is not JsonObject child) parent[name] = child = [];
            parent = child;
        }

        if (json is null) parent.Remove(names[^1]);
        else parent[names[^1]] = JsonNode.Parse(json);
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    public static OciSpec Read(string json) => OciDocument.ReadSpec(Encoding.UTF8.GetBytes(json));

    /// <summary>The message with which config.json is refused.</summary>
    public static string Refusal(byte[] json) => Assert.Throws<DocumentException>(() => OciDocument.ReadSpec(json)).Message;

    public static string Refusal(string json) => Refusal(Encoding.UTF8.GetBytes(json));
}
