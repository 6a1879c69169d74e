using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What cannot be: one clear line, a code that is not 0, and nothing left.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public FailureTests() => bundle = new Bundle(psrun, "/bin/true");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    public void AProgramThatIsMissingOrNotExecutableIsNamed(string verb)
    {
        SetProgram("nosuch");
        Assert.Equal("exec 'nosuch': executable file not found in $PATH (ENOENT)", Refuse(verb));
        SetProgram("/nosuch/program");
        Assert.Equal("exec '/nosuch/program': no such file or directory (ENOENT)", Refuse(verb));
        SetProgram("/etc");
        Assert.Equal("exec '/etc': permission denied: it is a directory (EISDIR)", Refuse(verb));
        File.WriteAllText(bundle.Path + "/rootfs/bin/plain", "text");
        SetProgram("plain");
        Assert.Equal("exec 'plain': permission denied (EACCES)", Refuse(verb));
    }

    [Fact]
    public void AProgramWithoutAFormatFailsAtStart()
    {
        string path = bundle.Path + "/rootfs/bin/strange";
        File.WriteAllText(path, "neither a script nor a program");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
        SetProgram("/bin/strange");
        Assert.Equal("exec '/bin/strange': exec format error (ENOEXEC)", Refuse("run"));
        psrun.Succeed("create", "-b", bundle.Path, id);
        Assert.Equal("exec '/bin/strange': exec format error (ENOEXEC)", psrun.Fail(1, "start", id));
        Assert.Contains("\"status\": \"stopped\"", psrun.Succeed("state", id), StringComparison.Ordinal);
        psrun.Succeed("delete", id);
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [InlineData("{", "not valid JSON at line 1, byte 2")]
    [InlineData("[]", "expected an object, found an array")]
    [InlineData("{}", "ociVersion is missing")]
    [InlineData("{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"rootfs\"}}", "process is missing")]
    public void AConfigurationThatIsWrongIsRefused(string json, string message)
    {
        File.WriteAllText(bundle.Configuration, json);
        Assert.Equal($"{bundle.Configuration}: {message}", Refuse("create"));
    }

    [Theory]
    [InlineData("mounts", "[{\"destination\":\"\",\"type\":\"tmpfs\"}]", "mounts[0].destination is missing")]
    [InlineData("process", "{\"args\":[\"sh\"],\"cwd\":\"x\"}", "process.cwd: 'x' is not absolute")]
    [InlineData("linux", "{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"},{\"type\":\"user\"}],\"uidMappings\":[{\"size\":0}]}", "linux.uidMappings[0].size: 0 maps nothing")]
    public void AMemberThatIsWrongIsNamed(string member, string json, string message)
    {
        bundle.Change(config => config[member] = JsonNode.Parse(json));
        Assert.Equal($"{bundle.Configuration}: {message}", Refuse("run"));
    }

    [Fact]
    public void AConfigurationOf100MegabytesIsRefused()
    {
        using (FileStream file = File.OpenWrite(bundle.Configuration)) file.SetLength(100_000_000);
        Assert.Equal(
            $"{bundle.Configuration}: 100000000 bytes long, the limit is 16777216", Refuse("run"));
    }

    [Fact]
    public void ABundleOrRootThatIsNotThereIsNamed()
    {
        Assert.Contains(
            "'/nosuch/config.json': No such file or directory",
            psrun.Fail(1, "create", "-b", "/nosuch", id), StringComparison.Ordinal);
        bundle.Change(static config => config["root"]!["path"] = "nosuch");
        Assert.Contains($"'{bundle.Path}/nosuch'", Refuse("create"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux.sysctl", "{\"net.ipv4.nosuch\":\"1\"}", "net.ipv4.nosuch")]
    [InlineData("process.rlimits", "[{\"type\":\"RLIMIT_NPROC\",\"hard\":18446744073709551615,\"soft\":1}]", "RLIMIT_NPROC")]
    [InlineData("mounts", "[{\"destination\":\"/x\",\"type\":\"nosuchfs\",\"source\":\"x\"}]", "nosuchfs")]
    [InlineData("mounts", "[{\"destination\":\"/x\",\"type\":\"tmpfs\",\"source\":\"x\",\"options\":[\"nosuch=1\"]}]", "nosuch=1")]
    [InlineData("mounts", "[{\"destination\":\"/x\",\"type\":\"bind\",\"source\":\"/nosuch\",\"options\":[\"bind\"]}]", "/nosuch")]
    public void WhatTheKernelRefusesIsNamed(string path, string json, string name)
    {
        Assert.SkipWhen(name == "RLIMIT_NPROC" && CanRaiseLimits(), "this root may raise hard limits");
        bundle.Change(config =>
        {
            string[] names = path.Split('.');
            JsonNode parent = names.Length == 1 ? config : config[names[0]]!;
            parent[names[^1]] = JsonNode.Parse(json);
        });
        Assert.Contains(name, Refuse("create"), StringComparison.Ordinal);
        Assert.Contains(name, Refuse("run"), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongPidFileOrSocketLeavesNothing()
    {
        Assert.Contains(
            "/nosuch/", Refuse("create", "--pid-file", "/nosuch/pid"), StringComparison.Ordinal);
        Assert.Equal(
            "--console-socket: process.terminal is false, there is no terminal to send",
            Refuse("create", "--console-socket", "/nosuch"));
        bundle.Change(static config => config["process"]!["terminal"] = true);
        Assert.Contains("'/nosuch'", Refuse("create", "--console-socket", "/nosuch"), StringComparison.Ordinal);
        Assert.Equal(
            "process.terminal is true: without --console-socket nobody gets the terminal", Refuse("create"));
    }

    [Fact]
    public void ErrorsAreLoggedInTheFormatThatIsAskedFor()
    {
        string log = bundle.Path + "/log";
        SetProgram("no\"such");
        psrun.Run(new CommandOptions { Global = ["--log", log, "--log-format=json"] }, "run", "-b", bundle.Path, id);
        JsonNode line = JsonNode.Parse(Assert.Single(File.ReadAllLines(log)))!;
        Assert.Equal("error", (string?)line["level"]);
        Assert.Equal("exec 'no\"such': executable file not found in $PATH (ENOENT)", (string?)line["msg"]);
        Assert.InRange(DateTimeOffset.Parse(
            (string)line["time"]!, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow,
            TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5));

        psrun.Run(new CommandOptions { Global = ["--log", log] }, "state", "nosuch");
        Assert.EndsWith(
            " level=error msg=\"container 'nosuch' does not exist\"", File.ReadAllLines(log)[1], StringComparison.Ordinal);
    }

    private static bool CanRaiseLimits()
    {
        string line = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("CapEff", StringComparison.Ordinal));
        ulong set = ulong.Parse(
            line.AsSpan(8), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        return (set >> 24 & 1) != 0;
    }

    private void SetProgram(string program) =>
        bundle.Change(config => config["process"]!["args"] = new JsonArray(program));

    private string Refuse(string verb, params string[] options)
    {
        string message = psrun.Fail(1, [verb, .. options, "-b", bundle.Path, id]);
        Assert.Empty(psrun.Containers);
        Assert.Empty(Directory.GetDirectories(
            "/sys/fs/cgroup", $"psrun-{id}.scope", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }));
        return message;
    }
}
