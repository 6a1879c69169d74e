using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

public sealed class MountsTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public MountsTests()
    {
        bundle = new Bundle(psrun, "/bin/sleep", "1000");
        Directory.CreateDirectory(bundle.Path + "/data");
        File.WriteAllText(bundle.Path + "/data/file", "shown\n");
        bundle.Change(config => config["root"]!["readonly"] = false);
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MountsComeAndGo(bool userNamespace)
    {
        if (userNamespace) bundle.Change(static config => AddUserNamespace((JsonObject)config["linux"]!));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string file = Write(
            $$"""
            [{"destination":"/added","type":"bind","source":"{{bundle.Path}}/data","options":["rbind","ro"]},
             {"destination":"/scratch","type":"tmpfs","source":"tmpfs","options":["size=1m"]}]
            """);
        psrun.Succeed("mounts", "add", id, file);
        Assert.Equal("shown\n", psrun.Succeed("exec", id, "cat", "/added/file"));
        CommandResult written = psrun.Run("exec", id, "sh", "-c", "echo x >/scratch/x && echo x >/added/x");
        Assert.Contains("Read-only file system", written.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("added", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);

        psrun.Succeed("mounts", "remove", id, file);
        Assert.Equal("", psrun.Succeed("exec", id, "ls", "/added", "/scratch").Replace("/added:", "", StringComparison.Ordinal)
            .Replace("/scratch:", "", StringComparison.Ordinal).Trim());
        Assert.Equal(
            "umount '/added' in the container: Invalid argument (EINVAL)", psrun.Fail(1, "mounts", "remove", id, file));
    }

    [Theory]
    [InlineData("destination 'x' is not absolute", """[{"destination":"x"}]""")]
    [InlineData("mounts: expected an array, found an object", """{"destination":"/x"}""")]
    public void MistakesAreNamed(string message, string json)
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string file = Write(json);
        Assert.Equal($"{file}: {message}", psrun.Fail(1, "mounts", "add", id, file));
        Assert.Equal("mounts: 'change' is not add or remove", psrun.Fail(1, "mounts", "change", id, file));
    }

    private static void AddUserNamespace(JsonObject linux)
    {
        ((JsonArray)linux["namespaces"]!).Add(new JsonObject { ["type"] = "user" });
        foreach (string map in new[] { "uidMappings", "gidMappings" })
            linux[map] = JsonNode.Parse("""[{"containerID":0,"hostID":0,"size":1000}]""");
    }

    private string Write(string json)
    {
        string file = bundle.Path + "/mounts.json";
        File.WriteAllText(file, json);
        return file;
    }
}
