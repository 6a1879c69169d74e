using Xunit;

namespace Container.Runtime.Tests;

/// <summary>psrun with few descriptors: 64 are enough for all it does; with fewer it says so, and nothing is left.</summary>
public sealed class DescriptorLimitTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public DescriptorLimitTests()
    {
        bundle = new Bundle(psrun, "/bin/sleep", "1000");

        // No process may have more than the caller, unless it is given the right to.
        bundle.Change(config => config["process"]!.AsObject().Remove("rlimits"));
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void Every_verb_does_with_64()
    {
        Succeed("create", "-b", bundle.Path, id);
        Succeed("start", id);
        Assert.Contains("running", Succeed("state", id), StringComparison.Ordinal);
        Assert.Contains(id, Succeed("list"), StringComparison.Ordinal);
        Assert.Equal("inside\n", Succeed("exec", id, "/bin/echo", "inside"));
        Succeed("exec", "-d", id, "/bin/sleep", "1000");
        Assert.Contains("/bin/sleep", Succeed("ps", id), StringComparison.Ordinal);
        Assert.Contains("memory", Succeed("events", "--stats", id), StringComparison.Ordinal);
        Succeed("update", "--pids-limit", "50", id);
        Succeed("pause", id);
        Succeed("resume", id);
        Succeed("kill", "--all", id, "KILL");
        Succeed("delete", "--force", id);
        Succeed("features");
        bundle.Change(config => config["process"]!["args"]![1] = "0");
        Succeed("run", "-b", bundle.Path, id);
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void With_fewer_a_container_starts_or_nothing_of_it_is_there(int limit)
    {
        bundle.Change(config => config["process"]!["args"]![1] = "0");
        (int code, string error) = RunLimited(limit, "run", "-b", bundle.Path, id);
        if (code != 0)
        {
            Assert.Equal(1, code);
            Assert.Contains("EMFILE", Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }

        Assert.Empty(psrun.Containers);
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", $"*{id}", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 2,
        }));
    }

    [Fact]
    public void A_container_that_runs_takes_no_harm()
    {
        psrun.Succeed("run", "-d", "-b", bundle.Path, id);
        string[][] verbs =
        [
            ["exec", id, "/bin/true"], ["pause", id], ["resume", id], ["update", "--pids-limit", "50", id],
            ["state", id], ["list"], ["delete", "--force", id],
        ];
        foreach (string[] verb in verbs)
        {
            (int code, string error) = RunLimited(4, verb);
            Assert.NotEqual(0, code);
            Assert.Contains("EMFILE", error, StringComparison.Ordinal);
        }

        Assert.Contains("running", psrun.Succeed("state", id), StringComparison.Ordinal);
        psrun.Succeed("exec", id, "/bin/true");
        psrun.Succeed("delete", "--force", id);
    }

    private string Succeed(params string[] arguments)
    {
        CommandResult result = psrun.Run(
            new CommandOptions { DescriptorLimit = 64 }, arguments);
        Assert.True(result.Code == 0, $"psrun {string.Join(' ', arguments)}: {result.Code} {result.Error}");
        return result.Output;
    }

    private (int Code, string Error) RunLimited(int limit, params string[] arguments)
    {
        CommandResult result = psrun.Run(new CommandOptions { DescriptorLimit = limit }, arguments);
        return (result.Code, result.Error);
    }
}
