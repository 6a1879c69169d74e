using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What the suites of runc and of runtime-tools found.</summary>
public sealed class CompatibilityTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public CompatibilityTests() => bundle = new Bundle(psrun, "/bin/true");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFilterMayForbidWhatClosesDescriptors(bool noNewPrivileges)
    {
        bundle.Change(config =>
        {
            config["process"]!["noNewPrivileges"] = noNewPrivileges;
            config["linux"]!["seccomp"] = JsonNode.Parse(
                """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["close_range"],"action":"SCMP_ACT_ERRNO"}]}""");
        });
        psrun.Succeed("run", "-b", bundle.Path, id);
    }

    [Fact]
    public void AReadOnlyDevStillGetsItsDevices()
    {
        bundle.Change(config =>
        {
            config["process"]!["args"] = new JsonArray("sh", "-c", "ls /dev/null /dev/pts/ptmx; echo x >/dev/new");
            ((JsonArray)config["mounts"]!.AsArray().First(static m => (string?)m!["destination"] == "/dev")!["options"]!)
                .Add("ro");
        });
        CommandResult result = psrun.Run("run", "-b", bundle.Path, id);
        Assert.Equal("/dev/null\n/dev/pts/ptmx\n", result.Output);
        Assert.Contains("Read-only file system", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutPivotNothingOfTheHostsProcIsLeft()
    {
        bundle.Change(config => config["process"]!["args"] = new JsonArray(
            "sh", "-c", "ls /; grep -c ' - proc ' /proc/self/mountinfo"));
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/grep", "busybox");
        string output = psrun.Succeed("run", "--no-pivot", "-b", bundle.Path, id);
        Assert.StartsWith("bin\ndev\netc\nproc\nsys\ntmp\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AProcessMayComeThroughAPipe()
    {
        bundle.Change(config => config["process"]!["args"] = new JsonArray("sleep", "1000"));
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        CommandOptions input = new() { Input = """{"args":["echo","piped"],"cwd":"/","env":["PATH=/bin"]}""" };
        Assert.Equal(new CommandResult(0, "piped\n", ""), psrun.Run(input, "exec", "--process", "/dev/stdin", id));
    }
}
