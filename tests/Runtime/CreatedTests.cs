using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>The process of a container between create and start: it waits, and is ready to end.</summary>
public sealed class CreatedTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public CreatedTests()
    {
        bundle = new Bundle(psrun, "/bin/sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status >/tmp/signals; exec sleep 1000");
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/grep", "busybox");
        bundle.Change(static config => config["root"]!["readonly"] = false);
    }

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    [Theory]
    [InlineData("TERM", false)]
    [InlineData("INT", false)]
    [InlineData("HUP", false)]
    [InlineData("QUIT", false)]
    [InlineData("ABRT", false)]
    [InlineData("TERM", true)]
    [InlineData("KILL", true)]
    public void ASignalEndsIt(string signal, bool filtered)
    {
        if (filtered) Filter("SCMP_ACT_ALLOW", "mkdir");
        psrun.Succeed("create", "-b", bundle.Path, id);
        psrun.Succeed("kill", id, signal);
        Poll.Until(() => Status() == "stopped", $"{signal} does not end it");
        Assert.Equal($"container '{id}' is stopped, not created", psrun.Fail(1, "start", id));
        psrun.Succeed("delete", id);
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void ASignalOfTheHostEndsIt()
    {
        psrun.Succeed("create", "-b", bundle.Path, id);
        SecurityBundle.Execute("kill", ["-TERM", $"{Pid()}"], 0);
        Poll.Until(() => Status() == "stopped", "it does not end");
    }

    [Theory]
    [InlineData("USR1")]
    [InlineData("WINCH")]
    [InlineData("CHLD")]
    public void OthersDoNothing(string signal)
    {
        psrun.Succeed("create", "-b", bundle.Path, id);
        psrun.Succeed("kill", id, signal);
        Assert.Equal("created", Status());
        psrun.Succeed("start", id);
        string file = bundle.Path + "/rootfs/tmp/signals";
        Poll.Until(() => File.Exists(file) && File.ReadAllText(file).Count(static c => c == '\n') == 2, "it does not run");
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", File.ReadAllText(file));
    }

    [Fact]
    public void AFilterThatForbidsToWaitForSignalsLetsItStart()
    {
        Filter("SCMP_ACT_ALLOW", "ppoll", "signalfd4");
        psrun.Succeed("create", "-b", bundle.Path, id);
        psrun.Succeed("start", id);
        Assert.Equal("running", Status());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItHasNothingOfTheHostButWhatItWaitsOn(bool filtered)
    {
        if (filtered) Filter("SCMP_ACT_ALLOW", "mkdir");
        string secret = bundle.Path + "/secret";
        string[] command = ["-c", $"exec 3>{secret} 7>{secret} 300>{secret} 5</; exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", Psrun.Executable];
        SecurityBundle.Execute("/bin/bash", [.. command, "--root", psrun.Root, "create", "-b", bundle.Path, id], 0);
        string[] open = [.. new DirectoryInfo($"/proc/{Pid()}/fd").GetFileSystemInfos()
            .Where(static file => file.Name is not ("0" or "1" or "2")).Select(static file => file.LinkTarget!)];
        Assert.Single(open, static target => target.StartsWith("socket:", StringComparison.Ordinal));
        Assert.Single(open, static target => target == "anon_inode:[signalfd]");

        // The program that executes the container's, so that ours is never executed there.
        Assert.All(
            open, static target => Assert.True(
                target.StartsWith("socket:", StringComparison.Ordinal) || target is "anon_inode:[signalfd]" or "/memfd:container (deleted)", target));
        psrun.Succeed("start", id);
        Assert.Equal("running", Status());
    }

    [Fact]
    public void DescriptorsThatAreHandedOnStay()
    {
        string kept = bundle.Path + "/kept";
        string[] command = ["-c", $"exec 3>{kept}; exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", Psrun.Executable];
        bundle.Change(static config => config["process"]!["args"] = new JsonArray("sh", "-c", "echo here >&3"));
        SecurityBundle.Execute(
            "/bin/bash", [.. command, "--root", psrun.Root, "create", "--preserve-fds", "1", "-b", bundle.Path, id], 0);
        psrun.Succeed("start", id);
        Poll.Until(() => File.ReadAllText(kept) == "here\n", "nothing was written");
    }

    private void Filter(string action, params string[] forbidden) => bundle.Change(config =>
    {
        config["process"]!["noNewPrivileges"] = false;
        config["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = action,
            ["syscalls"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray([.. forbidden.Select(static name => (JsonNode)name)]), ["action"] = "SCMP_ACT_ERRNO",
            }),
        };
    });

    private JsonNode State() => JsonNode.Parse(psrun.Succeed("state", id))!;

    private string? Status() => (string?)State()["status"];

    private int Pid() => (int)State()["pid"]!;
}
