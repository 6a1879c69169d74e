using System.Reflection;
using System.Text.Json.Nodes;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>
/// What a document asks for is done or refused, never lost: <c>docs/runtime-spec.md</c> says which for every member of
/// every object that config.json may have, for psrun's verbs and for the monitor of the module. Whoever adds a member to a
/// record is stopped here until it says so, and a member that goes has to leave the page, too.
/// </summary>
public sealed class DocumentedMembersTests
{
    private static readonly string[] Answers = ["done", "refused", "by the engine", "not shown", "as "];

    [Fact]
    public void EveryMemberOfTheDocumentSaysWhatBecomesOfIt()
    {
        Dictionary<string, string[]> documented = [];
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "runtime-spec.md")))
        {
            if (!line.StartsWith("| object `", StringComparison.Ordinal)) continue;
            string[] cells = [.. line.Trim('|', ' ').Split(" | ").Select(static cell => cell.Trim())];
            Assert.Equal(4, cells.Length);
            foreach (string answer in cells[2..])
                Assert.Contains(Answers, word => answer.StartsWith(word, StringComparison.Ordinal));
            documented.Add(cells[0].Split('`')[1], [.. cells[1].Split(", ").Select(static name => name.Trim('`'))]);
        }

        Dictionary<string, string[]> actual = [];
        Collect("config.json", typeof(OciSpec), JsonNode.Parse(OciDocument.Write(FullDocument.Create()))!, actual);
        string missing = string.Join(
            '\n', actual.Where(pair => !documented.ContainsKey(pair.Key)).Select(static pair =>
                $"| object `{pair.Key}` | {string.Join(", ", pair.Value.Select(static m => $"`{m}`"))} | done | done |"));
        Assert.True(missing.Length == 0, "docs/runtime-spec.md has no row for:\n" + missing);
        Assert.Equal(actual.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        foreach ((string path, string[] members) in actual)
            Assert.Equal((path, string.Join(' ', members)), (path, string.Join(' ', documented[path].Order(StringComparer.Ordinal))));
    }

    private static void Collect(string path, Type type, JsonNode node, Dictionary<string, string[]> found)
    {
        JsonObject item = (JsonObject)node;
        PropertyInfo[] properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        string[] names = [.. item.Select(static member => member.Key).Order(StringComparer.Ordinal)];
        Assert.True(
            properties.Length == names.Length,
            $"FullDocument has {names.Length} members of {type.Name}, which has {properties.Length}: {string.Join(' ', names)}");
        if (!found.TryAdd(path, names)) return;
        foreach (PropertyInfo property in properties)
        {
            string name = names.Single(n => n.Equals(property.Name, StringComparison.OrdinalIgnoreCase));
            Type element = Element(property.PropertyType);
            if (element.Namespace != typeof(OciSpec).Namespace || element.IsEnum) continue;
            Collect(path == "config.json" ? name : $"{path}.{name}", element, Merge(item[name]!, IsMap(property.PropertyType)), found);
        }
    }

    // Of a list or map, an item that has what any of them has.
    private static JsonObject Merge(JsonNode value, bool isMap)
    {
        IEnumerable<JsonNode?> items = value is JsonArray array ? array : isMap ? ((JsonObject)value).Select(static p => p.Value) : [value];
        JsonObject merged = [];
        foreach ((string name, JsonNode? member) in items.OfType<JsonObject>().SelectMany(static o => o))
            merged[name] = member!.DeepClone();
        return merged;
    }

    private static bool IsMap(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);

    private static Type Element(Type type) =>
        type.IsGenericType ? type.GetGenericArguments()[^1] : type;
}
