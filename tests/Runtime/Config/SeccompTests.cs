using System.Text.Json.Nodes;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class SeccompTests : ConfigTest
{
    private static JsonObject Rule(string action, params string[] names) => new()
    {
        ["names"] = Strings(names), ["action"] = action,
    };

    private JsonObject Filter(string defaultAction, params JsonObject[] rules)
    {
        JsonObject filter = new() { ["defaultAction"] = defaultAction, ["syscalls"] = new JsonArray([.. rules]) };
        Linux["seccomp"] = filter;
        return filter;
    }

    [Fact]
    public void AnErrnoIsTheOneOfTheRuleOrTheDefault()
    {
        JsonObject rule = Rule("SCMP_ACT_ERRNO", "mkdir", "mkdirat");
        rule["errnoRet"] = (int)Errno.EXDEV;
        Filter("SCMP_ACT_ALLOW", rule, Rule("SCMP_ACT_ERRNO", "rmdir", "unlinkat"));
        CommandResult result = Run("mkdir /tmp/x; busybox rmdir /bin");
        Assert.Contains("Invalid cross-device link", result.Error, StringComparison.Ordinal);
        Assert.Contains("Operation not permitted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleHoldsForTheArgumentsItNames()
    {
        JsonObject rule = Rule("SCMP_ACT_ERRNO", "kill");
        rule["args"] = new JsonArray(new JsonObject { ["index"] = 1, ["value"] = 10, ["op"] = "SCMP_CMP_EQ" });
        Filter("SCMP_ACT_ALLOW", rule);
        Assert.Equal("denied\nallowed", Output(
            "trap : USR1 USR2; kill -USR1 $$ 2>/dev/null || echo denied; kill -USR2 $$ && echo allowed"));
    }

    [Theory]
    [InlineData("SECCOMP_FILTER_FLAG_LOG")]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC")]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW")]
    [InlineData("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")]
    public void AFlagIsTaken(string flag)
    {
        Filter("SCMP_ACT_ALLOW", Rule("SCMP_ACT_ERRNO", "mkdir", "mkdirat"))["flags"] = Strings(flag);
        Assert.Equal("Seccomp:\t2", Output("grep Seccomp: /proc/self/status; ! mkdir /tmp/x 2>/dev/null"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AListenerAnswersSystemCalls(bool noNewPrivileges)
    {
        Process["noNewPrivileges"] = noNewPrivileges;
        if (!noNewPrivileges) AllCapabilities();
        using DescriptorListener socket = UseListener("some metadata", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
        Save("/bin/sh", "-c", "mkdir /tmp/first; mkdir /tmp/second; echo $?; ls /tmp");
        using System.Diagnostics.Process run = Psrun.Start(new CommandOptions(), "run", "-b", Bundle.Path, Id);
        FileDescriptor listener = socket.Receive(out string text);

        JsonNode message = JsonNode.Parse(text)!;
        Assert.Equal("1.3.0", (string?)message["ociVersion"]);
        Assert.Equal("""["seccompFd"]""", message["fds"]!.ToJsonString());
        Assert.Equal("some metadata", (string?)message["metadata"]);
        Assert.Equal(Id, (string?)message["state"]!["id"]);
        Assert.Equal("creating", (string?)message["state"]!["status"]);
        Assert.Equal((int)message["pid"]!, (int)message["state"]!["pid"]!);
        Assert.Equal(Bundle.Path, (string?)message["state"]!["bundle"]);

        int calls = 0;
        using SystemCallSupervisor supervisor = new(listener, _ => ++calls == 1 ? 0 : (int)Errno.EXDEV);
        CommandResult result = Psrun.Finish(run);
        Assert.Equal("1\nfirst\n", result.Output);
        Assert.Contains("Invalid cross-device link", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, supervisor.Answered);
    }

    [Fact]
    public void AListenerIsSentByStartAndByExec()
    {
        using DescriptorListener socket = UseListener();
        Save("/bin/sleep", "1000");
        Psrun.Succeed("create", "-b", Bundle.Path, Id);
        using System.Diagnostics.Process start = Psrun.Start(new CommandOptions(), "start", Id);
        using FileDescriptor first = socket.Receive(out string text);
        Assert.Equal("created", (string?)JsonNode.Parse(text)!["state"]!["status"]);
        Assert.Equal(new CommandResult(0, "", ""), Psrun.Finish(start));

        using System.Diagnostics.Process exec = Psrun.Start(new CommandOptions(), "exec", Id, "mkdir", "/tmp/x");
        FileDescriptor second = socket.Receive(out text);
        JsonNode message = JsonNode.Parse(text)!;
        Assert.Equal("running", (string?)message["state"]!["status"]);
        Assert.NotEqual((int)message["pid"]!, (int)message["state"]!["pid"]!);
        using SystemCallSupervisor supervisor = new(second, _ => (int)Errno.EXDEV);
        Assert.Contains("Invalid cross-device link", Psrun.Finish(exec).Error, StringComparison.Ordinal);
        Psrun.Succeed("delete", "-f", Id);
    }

    [Fact]
    public void AListenerThatIsNotThereIsAnError()
    {
        UseListener().Dispose();
        Save("/bin/sh", "-c", "true");
        Assert.Equal(
            $"linux.seccomp.listenerPath: failed to connect with seccomp agent: connect '{Bundle.Path}/listener.sock': Connection refused (ECONNREFUSED)",
            Psrun.Fail(1, "run", "-b", Bundle.Path, Id));
        Assert.Empty(Psrun.Containers);
        Psrun.Succeed("create", "-b", Bundle.Path, Id);
        Assert.Contains("ECONNREFUSED", Psrun.Fail(1, "start", Id), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnprivilegedUsersListenerIsSentByTheChild()
    {
        using DescriptorListener socket = UseListener();
        RemoveMounts("/dev/mqueue", "/sys", "/sys/fs/cgroup");
        using System.Diagnostics.Process run = StartUnprivileged("/bin/sh", "-c", "mkdir /tmp/x");
        FileDescriptor listener = socket.Receive(out _);
        using SystemCallSupervisor supervisor = new(listener, _ => (int)Errno.EXDEV);
        Assert.Contains("Invalid cross-device link", Psrun.Finish(run).Error, StringComparison.Ordinal);
    }

    private DescriptorListener UseListener(string? metadata = null, string? flag = null)
    {
        JsonObject filter = Filter("SCMP_ACT_ALLOW", Rule("SCMP_ACT_NOTIFY", "mkdir", "mkdirat"));
        DescriptorListener listener = new(Bundle.Path + "/listener.sock");
        filter["listenerPath"] = listener.Path;
        if (metadata is not null) filter["listenerMetadata"] = metadata;
        if (flag is not null) filter["flags"] = Strings(flag);
        return listener;
    }
}
