using System.Text.Json.Nodes;
using Xunit;

namespace Container.Runtime.Tests.OwnProcess;

/// <summary>
/// What execve(2) hands down: whatever a caller has of it, psrun, the container and the hooks are as with any other.
/// </summary>
public sealed class InheritedStateTests : IDisposable
{
    private const string Facts = "grep -E '^Sig(Blk|Ign)' /proc/self/status; umask; pwd";

    private readonly Psrun psrun = new();
    private readonly Bundle bundle;
    private readonly string id = Guid.NewGuid().ToString("N");

    public InheritedStateTests()
    {
        bundle = new Bundle(psrun, "/bin/sh", "-c", $"({Facts}; ls /proc/self/fd) >/tmp/facts; exit 3");
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/grep", "busybox");
        bundle.Change(config =>
        {
            config["root"]!["readonly"] = false;
            foreach (string list in new[] { "createRuntime", "poststart", "poststop" })
            {
                config["hooks"] ??= new JsonObject();
                config["hooks"]![list] = new JsonArray(new JsonObject
                {
                    ["path"] = "/bin/sh",
                    ["args"] = new JsonArray("sh", "-c", $"({Facts}; ls -l /proc/self/fd | grep -c host-secret) >>{bundle.Path}/hook-facts; true"),
                    ["env"] = new JsonArray("PATH=/usr/bin:/bin"),
                });
            }
        });
    }

    private static string Clean => "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\n";

    public void Dispose()
    {
        psrun.Dispose();
        bundle.Dispose();
    }

    public static TheoryData<string> Callers =>
    [
        "",
        "trap '' CHLD;",
        "trap '' HUP INT QUIT TERM PIPE ALRM USR1 USR2 TTOU TTIN TSTP CONT;",
        "set -- env --block-signal \"$@\";",
        "set -- env --ignore-signal --block-signal \"$@\";",
        "umask 777;",
        "umask 0;",
        "exec <&-;",
        "exec >&-;",
        "exec 2>&-;",
        "exec <&- >&- 2>&-;",
        "exec 7</etc/hostname 9>/tmp/host-secret-$$ 8<&7; rm /tmp/host-secret-$$;",
        "mkdir /tmp/gone-$$; cd /tmp/gone-$$; rmdir /tmp/gone-$$;",
        "set -- setpriv --pdeathsig KILL \"$@\";",
        "set -- nice -n 5 \"$@\";",
        "set -- setsid -w \"$@\";",
    ];

    [Theory]
    [MemberData(nameof(Callers))]
    public void RunIsTheSame(string caller)
    {
        Assert.Equal(3, Call(caller, "run", "-b", bundle.Path, id));
        AssertFacts();
        Assert.Empty(psrun.Containers);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public void CreateAndStartAndExecAreTheSame(string caller)
    {
        Assert.Equal(0, Call(caller, "create", "-b", bundle.Path, id));
        Assert.Equal(0, Call(caller, "start", id));
        Poll.Until(() => Status() == "stopped", "it has not ended");
        Assert.Equal(0, Call(caller, "delete", id));
        AssertFacts();

        bundle.Change(static config => config["process"]!["args"] = new JsonArray("sleep", "1000"));
        Assert.Equal(0, Call(caller, "run", "-d", "-b", bundle.Path, id));
        File.Delete(bundle.Path + "/rootfs/tmp/facts");
        Assert.Equal(4, Call(caller, "exec", id, "sh", "-c", $"({Facts}; ls /proc/self/fd) >/tmp/facts; exit 4"));
        AssertProgram();
        Assert.Equal(0, Call(caller, "delete", "--force", id));
        Assert.Empty(psrun.Containers);
    }

    [Fact]
    public void ADescriptorThatIsClosedIsNullInTheContainer()
    {
        bundle.Change(static config => config["process"]!["args"] = new JsonArray(
            "sh", "-c", "for i in 0 1 2; do stat -L -c %t:%T /proc/self/fd/$i; done >/tmp/null"));
        File.CreateSymbolicLink(bundle.Path + "/rootfs/bin/stat", "busybox");
        Assert.Equal(0, Call("exec <&- 2>&-;", "run", "-b", bundle.Path, id));
        string[] devices = File.ReadAllLines(bundle.Path + "/rootfs/tmp/null");
        Assert.Equal("1:3", devices[0]);
        Assert.Equal("1:3", devices[2]);
    }

    [Fact]
    public void AmbientCapabilitiesAreTheDocuments()
    {
        bundle.Change(static config =>
        {
            JsonObject sets = (JsonObject)config["process"]!["capabilities"]!;
            sets["inheritable"] = new JsonArray("CAP_CHOWN");
            sets["ambient"] = new JsonArray();
            foreach (string set in new[] { "bounding", "effective", "permitted" }) sets[set]!.AsArray().Add("CAP_CHOWN");
            config["process"]!["args"] = new JsonArray("sh", "-c", "grep CapAmb /proc/self/status >/tmp/own; sleep 1000");
        });
        const string Caller = "set -- setpriv --inh-caps +chown --ambient-caps +chown \"$@\";";
        Assert.Equal(0, Call(Caller, "run", "-d", "-b", bundle.Path, id));
        Assert.Equal("CapAmb:\t0000000000000000", Own());
        Assert.Equal(0, Call(Caller, "exec", id, "sh", "-c", "grep CapAmb /proc/self/status >/tmp/own"));
        Assert.Equal("CapAmb:\t0000000000000000", Own());
    }

    [Fact]
    public void ProcessorsAreThoseOfTheCgroup()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors");
        bundle.Change(static config => config["process"]!["args"] = new JsonArray(
            "sh", "-c", "grep Cpus_allowed: /proc/self/status >/tmp/own; sleep 1000"));
        Assert.Equal(0, Call("", "run", "-d", "-b", bundle.Path, id));
        string all = Own();
        Assert.Equal(0, Call("", "delete", "--force", id));
        Assert.Equal(0, Call("set -- taskset -c 0 \"$@\";", "run", "-d", "-b", bundle.Path, id));
        Assert.Equal(all, Own());
        Assert.Equal(0, Call("set -- taskset -c 0 \"$@\";", "exec", id, "sh", "-c", "grep Cpus_allowed: /proc/self/status >/tmp/own"));
        Assert.Equal(all, Own());
        Assert.NotEqual("Cpus_allowed:\t1", all);
    }

    /// <summary>The child may have ended before we let it go on: that is no reason.</summary>
    [Fact]
    public void ARealTimeCallerIsToldWhatTheCgroupRefuses()
    {
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"), "this kernel has no real-time groups");
        string errors = bundle.Path + "/errors";
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(1, Call($"exec 2>{errors}; set -- chrt -f 1 \"$@\";", "run", "-b", bundle.Path, id));
            Assert.Equal(
                $"psrun: enter-cgroup '/psrun-{id}.scope' in the container: Invalid argument (EINVAL)\n",
                File.ReadAllText(errors));
        }

        Assert.Empty(psrun.Containers);
    }

    private string Own()
    {
        string file = bundle.Path + "/rootfs/tmp/own";
        Poll.Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "nothing was written");
        string text = File.ReadAllText(file).Trim();
        File.Delete(file);
        return text;
    }

    private string? Status() => (string?)JsonNode.Parse(psrun.Succeed("state", id))!["status"];

    private int Call(string caller, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/bin/sh",
            ["-c", $"{caller} exec \"$@\"", "sh", Psrun.Executable, "--root", psrun.Root, .. arguments]) { WorkingDirectory = "/" })!;
        Assert.True(process.WaitForExit(Poll.Patience), "it does not end");
        return process.ExitCode;
    }

    private void AssertProgram() =>
        Assert.Equal(Clean + "/\n0\n1\n2\n3\n", File.ReadAllText(bundle.Path + "/rootfs/tmp/facts"));

    private void AssertFacts()
    {
        AssertProgram();
        string facts = File.ReadAllText(bundle.Path + "/hook-facts");
        string hook = $"{Clean}{bundle.Path}\n0\n";
        Assert.Equal(hook + hook + hook, facts);
        File.Delete(bundle.Path + "/hook-facts");
    }
}
