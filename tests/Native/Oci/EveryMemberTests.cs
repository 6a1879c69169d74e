using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>Goes through every value of a document that has all members.</summary>
public sealed class EveryMemberTests
{
    private static readonly byte[] Full = OciDocument.Write(FullDocument.Create());

    [Fact]
    public void AValueOfAnotherTypeIsRefusedWithItsPath()
    {
        List<string> places = [.. Walk(JsonNode.Parse(Full)!).Select(static n => n.GetPath()).Where(static p => p != "$")];
        Assert.True(places.Count > 250, $"only {places.Count} values");
        foreach (string place in places)
        {
            JsonNode document = JsonNode.Parse(Full)!;
            JsonNode node = Walk(document).First(n => n.GetPath() == place);
            JsonNode wrong = node.GetValueKind() is JsonValueKind.Number ? JsonValue.Create("text") : JsonValue.Create(7);
            node.ReplaceWith(wrong);
            DocumentException failure = Assert.Throws<DocumentException>(() => Read(document));
            Assert.StartsWith($"{place[2..]}: expected ", failure.Message, StringComparison.Ordinal);
            Assert.Equal(place[2..], failure.Path);
        }
    }

    [Fact]
    public void MembersThatAreNotKnownAreIgnoredAtEveryLevel()
    {
        JsonNode document = JsonNode.Parse(Full)!;
        JsonObject[] objects = [.. Walk(document).OfType<JsonObject>()];
        foreach (JsonObject item in objects.Where(static o => !IsMap(o)))
        {
            item.Insert(0, "futureMember", JsonNode.Parse("""{"deep":[{"er":[1,"a",null,true]}]}"""));
            item["org.example.other"] = "text";
        }

        Assert.Equal(Full, OciDocument.Write(Read(document)));
    }

    [Fact]
    public void NullIsLikeAbsence()
    {
        JsonNode document = JsonNode.Parse(Full)!;
        foreach (JsonObject item in Walk(document).OfType<JsonObject>().Where(static o => !IsMap(o)).ToArray())
            item["futureMember"] = null;
        foreach (string name in new[] { "hooks", "mounts", "annotations", "hostname", "domainname" }) document[name] = null;
        OciSpec spec = Read(document);
        Assert.Null(spec.Hooks);
        Assert.Null(spec.Mounts);
        Assert.Null(spec.Annotations);
        Assert.Null(spec.Hostname);
    }

    // Whose keys are the user's.
    private static bool IsMap(JsonObject item) => item.GetPath() is "$.annotations" or "$.linux.sysctl"
        or "$.linux.timeOffsets" or "$.linux.netDevices" or "$.linux.resources.rdma" or "$.linux.resources.unified";

    private static IEnumerable<JsonNode> Walk(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject item => item.Select(static p => p.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (JsonNode? child in children.ToArray())
        {
            if (child is null) continue;
            foreach (JsonNode inner in Walk(child)) yield return inner;
        }
    }

    private static OciSpec Read(JsonNode document) => OciDocument.ReadSpec(Encoding.UTF8.GetBytes(document.ToJsonString()));
}
