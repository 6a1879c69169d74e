using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>
/// Configurations that somebody damaged, the same ones in every run: whatever they say, there is a container or one line
/// that says why not, and nothing is left.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private const int Rounds = 40;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(5);

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "1.5",
        "1e308", "\"\"", "\"a\"", "\"/\"", "\"..\"", "\"/../../etc\"", "\"a\\u0000b\"", "\"\\n\"", "\"\\u001b[0m\"",
        "\"/proc/self/fd/3\"", "\"/dev/null\"", "\"=\"", "\"bind\"", "\"rshared\"", "\"proc\"", "\"user\"", "[]", "{}",
        "[[]]", "[null]", "[{}]", "{\"\":\"\"}", "[\"\",\"\"]", $"\"{new string('a', 5000)}\"",
    ];

    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string prefix = $"mutant-{Guid.NewGuid():N}-";

    public MutationTests() => bundle = new Bundle(psrun, "/bin/true");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ADamagedConfigurationIsRefusedInOneLineAndLeavesNothing(int seed)
    {
        Random random = new(seed);
        string original = File.ReadAllText(bundle.Configuration);
        Stopwatch time = Stopwatch.StartNew();

        // On a slow machine fewer rounds have to do.
        for (int round = 0; round < Rounds && time.Elapsed < Enough; round++)
        {
            JsonObject config = (JsonObject)JsonNode.Parse(original)!;
            for (int changes = random.Next(1, 4); changes > 0; changes--) Change(config, random);
            string damaged = config.ToJsonString();
            File.WriteAllText(bundle.Configuration, damaged);
            string id = $"{prefix}{seed}-{round}";
            CommandResult result = psrun.Run("create", "-b", bundle.Path, id);
            if (result.Code == 0) psrun.Succeed("delete", "--force", id);
            else Check(result, damaged);
        }

        Assert.Empty(psrun.Containers);
        Assert.Empty(Directory.GetDirectories(
            "/sys/fs/cgroup", $"*{prefix}{seed}*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
        Assert.DoesNotContain(bundle.Path, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private static void Check(CommandResult result, string config)
    {
        Assert.True(result.Code == 1, $"{result.Code}: {result.Error} for {config}");
        Assert.Equal("", result.Output);
        IEnumerable<string> lines = result.Error.TrimEnd('\n').Split('\n');
        string line = Assert.Single(lines, static l => !l.StartsWith("psrun: warning: ", StringComparison.Ordinal));
        Assert.StartsWith("psrun: ", line, StringComparison.Ordinal);
    }

    private static void Change(JsonObject config, Random random)
    {
        List<JsonNode> nodes = [];
        foreach ((string name, JsonNode? member) in config)
        {
            if (name != "root" && member is not null) Collect(member, nodes);
        }

        JsonNode place = nodes[random.Next(nodes.Count)];
        JsonNode value = JsonNode.Parse(Values[random.Next(Values.Length)]) ?? JsonValue.Create("null");
        if (place is JsonArray { Count: > 0 } array)
        {
            int index = random.Next(array.Count);
            if (random.Next(4) == 0) array.Add(array[index]?.DeepClone());
            else array[index] = value;
        }
        else if (place is JsonObject { Count: > 0 } map)
        {
            string name = map.ElementAt(random.Next(map.Count)).Key;
            if (name == "namespaces") return;
            if (random.Next(4) == 0) map.Remove(name);
            else map[name] = value;
        }
    }

    // The namespaces stay: what happens is to happen in them.
    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        if (node is JsonObject map)
        {
            nodes.Add(node);
            foreach ((string name, JsonNode? member) in map)
            {
                if (member is not null && name != "namespaces") Collect(member, nodes);
            }
        }
        else if (node is JsonArray array)
        {
            nodes.Add(node);
            foreach (JsonNode? member in array)
            {
                if (member is not null) Collect(member, nodes);
            }
        }
    }
}
