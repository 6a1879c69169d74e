using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>What crun adds to runc's command line: --regex and --config.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string prefix = Guid.NewGuid().ToString("N");

    public SelectionTests() => bundle = new Bundle(psrun, "/bin/sleep", "1000");

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Fact]
    public void APatternSelectsContainers()
    {
        foreach (string name in new[] { "a1", "a2", "b1" }) psrun.Succeed("create", "-b", bundle.Path, $"{prefix}-{name}");
        psrun.Succeed("kill", "--regex", $"^{prefix}-a[0-9]+$", "KILL");
        psrun.Succeed("delete", "--regex", $"^{prefix}-(a1|a2)$");
        Assert.Equal([$"{prefix}-b1"], psrun.Containers);
        psrun.Succeed("delete", "--regex", "nothing-has-this-name");
        psrun.Succeed("delete", "--force", "-r", "b1");
        Assert.Empty(psrun.Containers);
        Assert.StartsWith("--regex: '(': ", psrun.Fail(1, "delete", "--regex", "("), StringComparison.Ordinal);
    }

    [Fact]
    public void OneThatFailsDoesNotKeepTheOthers()
    {
        foreach (string name in new[] { "x", "y", "z" }) psrun.Succeed("create", "-b", bundle.Path, $"{prefix}-{name}");
        psrun.Succeed("start", $"{prefix}-y");
        CommandResult result = psrun.Run("delete", "--regex", prefix);
        Assert.Equal(1, result.Code);
        Assert.Equal(
            $"psrun: container '{prefix}-y' is running: stop it, or use --force\npsrun: 1 of 3 containers failed\n",
            result.Error);
        Assert.Equal([$"{prefix}-y"], psrun.Containers);
    }

    [Fact]
    public void AConfigurationCanHaveAnotherName()
    {
        string other = bundle.Path + "/other.json";
        bundle.Change(config => config["process"]!["args"] = new JsonArray("/bin/echo", "other"));
        File.Move(bundle.Configuration, other);
        CommandOptions here = new() { Directory = bundle.Path };
        Assert.Equal(new CommandResult(0, "other\n", ""), psrun.Run(here, "run", "--config", "other.json", prefix));
        Assert.Equal("other\n", psrun.Succeed("run", "-b", bundle.Path, "-f", other, prefix));
        Assert.Contains("config.json", psrun.Fail(1, "run", "-b", bundle.Path, prefix), StringComparison.Ordinal);
    }
}
