using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>A bundle with busybox as its root filesystem.</summary>
public sealed class Bundle : IDisposable
{
    private const string Busybox = "/bin/busybox";

    public Bundle(Psrun psrun, params string[] command)
    {
        Assert.SkipUnless(File.Exists(Busybox), "the test container needs /bin/busybox, the static one");
        Path = Directory.CreateTempSubdirectory("psrun-bundle-").FullName;
        foreach (string name in new[] { "bin", "dev", "etc", "proc", "sys", "tmp" })
            Directory.CreateDirectory($"{Path}/rootfs/{name}");
        File.Copy(Busybox, $"{Path}/rootfs/bin/busybox");
        foreach (string name in new[] { "sh", "cat", "echo", "env", "id", "ls", "mkdir", "sleep", "stty", "true" })
            File.CreateSymbolicLink($"{Path}/rootfs/bin/{name}", "busybox");
        psrun.Succeed("spec", "--bundle", Path);
        Change(config =>
        {
            config["process"]!["terminal"] = false;
            config["process"]!["args"] = new JsonArray([.. command.Select(static c => JsonValue.Create(c))]);
        });
    }

    public string Path { get; }

    public string Configuration => Path + "/config.json";

    public void Change(Action<JsonObject> change)
    {
        JsonObject config = (JsonObject)JsonNode.Parse(File.ReadAllText(Configuration))!;
        change(config);
        File.WriteAllText(Configuration, config.ToJsonString());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
