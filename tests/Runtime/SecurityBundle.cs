using System.Diagnostics;
using System.Text.Json.Nodes;
using Container.Native.Oci.Documents;
using Container.Native.Security;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>
/// A bundle with a busybox, a state directory of its own and the psrun that was published; what it makes on the host is
/// below one directory, which goes away with it.
/// </summary>
internal sealed class SecurityBundle : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public SecurityBundle()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Assert.SkipUnless(File.Exists(Psrun), $"{Psrun} is not there: dotnet publish src/Runtime -c Release");
        Assert.SkipUnless(File.Exists("/usr/bin/busybox"), "busybox is not installed");
        Id = $"security-{Guid.NewGuid():n}";
        Directory = Path.Combine(Path.GetTempPath(), Id);
        Root = Path.Combine(Directory, "rootfs");
        foreach (string name in (string[])["bin", "etc", "tmp", "proc", "sys", "dev"])
        {
            System.IO.Directory.CreateDirectory(Path.Combine(Root, name));
        }

        File.Copy("/usr/bin/busybox", Path.Combine(Root, "bin/busybox"));
        string[] applets = ["sh", "cat", "grep", "id", "ls", "pwd", "readlink", "sleep", "true", "unshare", "mount"];
        foreach (string applet in applets)
        {
            File.CreateSymbolicLink(Path.Combine(Root, "bin", applet), "busybox");
        }

        Program = Path.Combine(Directory, "psrun");

        // Not by this process: what forks meanwhile would hold the file open for writing, and it is "busy" then.
        Execute("cp", [Psrun, Program], 0);
        Execute(Program, ["spec", "--bundle", Directory], 0);
        Config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "config.json")))!;
        Config["process"]!["terminal"] = false;
        Config["root"]!["readonly"] = false;
    }

    public static string Psrun { get; } = Environment.GetEnvironmentVariable("PSRUN") is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Path.Combine(Repository.Root, "artifacts/publish/Runtime/release_linux-x64/psrun");

    /// <summary>A copy of psrun: an attack that succeeds spoils nothing else.</summary>
    public string Program { get; }

    public string Id { get; }

    public string Directory { get; }

    public string Root { get; }

    public JsonObject Config { get; }

    public string StateRoot => Path.Combine(Directory, "state");

    public JsonObject Process => (JsonObject)Config["process"]!;

    public JsonObject Linux => (JsonObject)Config["linux"]!;

    /// <summary>Ids of the container's own, as the module gives them.</summary>
    public SecurityBundle WithUserNamespace()
    {
        const uint hostId = 0x20000000;
        ((JsonArray)Linux["namespaces"]!).Add(new JsonObject { ["type"] = "user" });
        foreach (string name in (string[])["uidMappings", "gidMappings"])
        {
            Linux[name] = new JsonArray(
                new JsonObject { ["containerID"] = 0, ["hostID"] = hostId, ["size"] = 65536 });
        }

        Execute("chown", ["-R", $"{hostId}:{hostId}", Root], 0);
        Execute("chmod", ["0711", Directory], 0);
        return this;
    }

    public SecurityBundle WithCapabilities(params string[] names)
    {
        JsonArray List() => new([.. names.Select(name => (JsonNode)name)]);
        Process["capabilities"] = new JsonObject
        {
            ["bounding"] = List(), ["effective"] = List(), ["permitted"] = List(),
        };
        return this;
    }

    public SecurityBundle WithDefaultFilter()
    {
        byte[] profile = OciDocument.Write(DefaultSeccompProfile.Create(CapabilitySet.Default));
        Linux["seccomp"] = JsonNode.Parse(profile);
        return this;
    }

    public SecurityBundle WithMount(string destination, string type, string source, params string[] options)
    {
        ((JsonArray)Config["mounts"]!).Add(new JsonObject
        {
            ["destination"] = destination,
            ["type"] = type,
            ["source"] = source,
            ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
        });
        return this;
    }

    public SecurityBundle WithoutMount(string destination)
    {
        var mounts = (JsonArray)Config["mounts"]!;
        mounts.Remove(mounts.First(mount => (string)mount!["destination"]! == destination));
        return this;
    }

    /// <summary>Runs a shell script in a new container.</summary>
    public (int Code, string Output) Run(string script) => RunProgram("sh", "-c", script);

    public (int Code, string Output) RunProgram(params string[] arguments)
    {
        SetArguments(arguments);
        return Call("run", "--bundle", Directory, Id);
    }

    /// <summary>Leaves a container running that executes a shell script.</summary>
    public void Start(string script)
    {
        SetArguments("sh", "-c", script);
        (int code, string output) = Call("run", "--bundle", Directory, "--detach", Id);
        Assert.True(code == 0, output);
    }

    public (int Code, string Output) Exec(params string[] arguments) => Call(["exec", .. arguments]);

    public (int Code, string Output) Call(params string[] arguments) =>
        Execute(Program, ["--root", StateRoot, .. arguments]);

    public void SetArguments(params string[] arguments)
    {
        Process["args"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]);
        File.WriteAllText(Path.Combine(Directory, "config.json"), Config.ToJsonString());
    }

    /// <summary>A directory of the host that a container must not reach.</summary>
    public string MakeVictim()
    {
        string victim = Path.Combine(Directory, "victim");
        System.IO.Directory.CreateDirectory(victim);
        return victim;
    }

    public void Dispose()
    {
        Call("delete", "--force", Id);
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static (int Code, string Output) Execute(string file, IEnumerable<string> arguments, int? expected = null)
    {
        // Output goes to a file: a detached container keeps the descriptors, and a pipe would not end.
        string output = Path.GetTempFileName();
        try
        {
            string[] all = ["-c", "exec \"$@\" </dev/null >\"$0\" 2>&1", output, file, .. arguments];
            using Process process = System.Diagnostics.Process.Start("/bin/bash", all);
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{file} {string.Join(' ', arguments)} did not end: {File.ReadAllText(output)}");
            }

            string text = File.ReadAllText(output);
            if (expected is not null) Assert.True(process.ExitCode == expected, text);
            return (process.ExitCode, text);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
