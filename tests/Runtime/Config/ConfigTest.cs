using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>Changes a bundle's config.json and looks at what the container is then.</summary>
public abstract class ConfigTest : IDisposable
{
    protected ConfigTest()
    {
        Psrun = new Psrun();
        Bundle = new Bundle(Psrun, "/bin/sh", "-c", "true");
        Config = (JsonObject)JsonNode.Parse(File.ReadAllText(Bundle.Configuration))!;
        Config["root"]!["readonly"] = false;
    }

    protected Psrun Psrun { get; }

    protected Bundle Bundle { get; }

    protected string Id { get; } = Guid.NewGuid().ToString("N");

    protected string Rootfs => Bundle.Path + "/rootfs";

    protected JsonObject Config { get; }

    protected JsonObject Process => (JsonObject)Config["process"]!;

    protected JsonObject Linux => (JsonObject)Config["linux"]!;

    public void Dispose()
    {
        Psrun.Dispose();
        Bundle.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Mount(string destination, string type, string source, params string[] options) =>
        Mounts.Add((JsonNode)Entry(destination, type, source, options));

    protected static JsonObject Entry(string destination, string type, string source, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source,
        ["options"] = Strings(options),
    };

    protected static JsonArray Strings(params string[] texts) => new([.. texts.Select(static t => (JsonNode)t)]);

    protected static JsonArray IdMap(uint container, uint host, uint size) => new(new JsonObject
    {
        ["containerID"] = container, ["hostID"] = host, ["size"] = size,
    });

    protected JsonArray Mounts => (JsonArray)Config["mounts"]!;

    protected JsonArray Namespaces => (JsonArray)Linux["namespaces"]!;

    protected void AddNamespace(string type, string? path = null)
    {
        RemoveNamespace(type);
        JsonObject entry = new() { ["type"] = type };
        if (path is not null) entry["path"] = path;
        Namespaces.Add((JsonNode)entry);
    }

    protected void RemoveNamespace(string type) =>
        Namespaces.Remove(Namespaces.FirstOrDefault(n => (string)n!["type"]! == type));

    /// <summary>Ids of the container's own, as many as there are in 16 bits; the root file system gets them too.</summary>
    protected void UseUserNamespace(uint host)
    {
        AddNamespace("user");
        Linux["uidMappings"] = IdMap(0, host, 65536);
        Linux["gidMappings"] = IdMap(0, host, 65536);
        SecurityBundle.Execute("chown", ["-hR", $"{host}:{host}", Rootfs], 0);
        SecurityBundle.Execute("chmod", ["0711", Bundle.Path], 0);
    }

    protected void AllCapabilities()
    {
        string[] names = [.. Container.Native.Security.CapabilitySet.Supported.Names];
        Process["capabilities"] = new JsonObject
        {
            ["bounding"] = Strings(names), ["effective"] = Strings(names), ["permitted"] = Strings(names),
        };
    }

    protected void Save(params string[] command)
    {
        if (command.Length > 0) Process["args"] = Strings(command);
        File.WriteAllText(Bundle.Configuration, Config.ToJsonString());
    }

    protected CommandResult Run(string script)
    {
        Save("/bin/sh", "-c", script);
        return Psrun.Run("run", "-b", Bundle.Path, Id);
    }

    /// <summary>What a script prints in a container that runs it without an error.</summary>
    protected string Output(string script)
    {
        CommandResult result = Run(script);
        Assert.True(result is { Code: 0, Error: "" }, $"{result.Code} {result.Output} {result.Error}");
        return result.Output.TrimEnd('\n');
    }

    /// <summary>A container of a user without rights, who has one id and no cgroup of his own.</summary>
    protected System.Diagnostics.Process StartUnprivileged(params string[] command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv is not installed");
        const string User = "1234";
        Mounts.First(m => (string)m!["destination"]! == "/dev/pts")!["options"] = Strings("newinstance", "ptmxmode=0666");
        RemoveNamespace("network");
        AddNamespace("user");
        Linux["uidMappings"] = IdMap(0, 1234, 1);
        Linux["gidMappings"] = IdMap(0, 1234, 1);
        Linux.Remove("resources");
        Save(command);
        SecurityBundle.Execute("chown", ["-hR", $"{User}:{User}", Bundle.Path], 0);
        return System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "setpriv", ["--reuid", User, "--regid", User, "--clear-groups", Psrun.Executable, "--root",
                Bundle.Path + "/state", "run", "-b", Bundle.Path, Id])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
    }

    protected void RemoveMounts(params string[] destinations)
    {
        foreach (string destination in destinations)
        {
            JsonNode? mount = Mounts.FirstOrDefault(m => (string)m!["destination"]! == destination);
            if (mount is not null) Mounts.Remove(mount);
        }
    }

    /// <summary>The one line psrun says about a configuration it cannot carry out.</summary>
    protected string Refusal()
    {
        Save();
        return Psrun.Fail(1, "run", "-b", Bundle.Path, Id);
    }
}
