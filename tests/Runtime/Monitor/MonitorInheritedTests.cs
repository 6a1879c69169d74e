using Container.Native.Monitor;
using Container.Native.Oci;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>What the monitor has from whoever started it, and the container from the monitor.</summary>
public sealed class MonitorInheritedTests(BusyBoxRoot busyBox)
{
    [Theory]
    [InlineData("trap '' CHLD;")]
    [InlineData("trap '' HUP INT QUIT TERM CHLD USR1;")]
    [InlineData("umask 777;")]
    [InlineData("exec 2>&-;")]
    [InlineData("mkdir /tmp/gone-$$; cd /tmp/gone-$$; rmdir /tmp/gone-$$;")]
    public void A_container_ends_as_it_does_for_others(string caller)
    {
        using TestContainer container = new(
            busyBox, "sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; umask; true & wait; exit 3");
        container.Caller = caller;
        container.Start();
        MonitorMessage end = container.Wait();
        Assert.Equal(("exited", 3), (end.Type, end.ExitCode));
        Assert.Equal(
            ["stdout F SigBlk:\t0000000000000000", "stdout F SigIgn:\t0000000000000000", "stdout F 0022"], container.Records);
        container.WaitForMonitor();
        Assert.Equal(0, container.Monitor.ExitCode);
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void A_stop_is_heard_by_one_whose_caller_ignores_and_blocks_it()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Caller = "trap '' TERM CHLD;";
        container.Start();
        SecurityBundle.Execute("kill", ["-TERM", $"{container.Monitor.Id}"], 0);
        container.WaitForMonitor();
        Assert.Equal("exited", container.State.Status);
    }

    [Fact]
    public void The_container_can_talk_to_itself()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Start();
        Assert.Contains("127.0.0.1", File.ReadAllText($"/proc/{container.Pid}/net/fib_trie"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_the_home_of_its_user()
    {
        using TestContainer container = new(busyBox, "env");
        container.Spec = container.Spec with
        {
            Process = container.Spec.Process! with { Env = ["PATH=/bin"], User = new OciUser { Uid = 1000 } },
        };
        container.Start();
        container.Wait();
        Assert.Equal(["stdout F PATH=/bin", "stdout F HOME=/"], container.Records);
    }

    [Fact]
    public void Its_streams_are_its_users()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "echo out >/proc/self/fd/1; echo err >/proc/self/fd/2; sleep 1000");
        container.Spec = container.Spec with
        {
            Process = container.Spec.Process! with { User = new OciUser { Uid = 1000, Gid = 1000 } },
        };
        container.Start();
        Assert.Equal(["stderr F err", "stdout F out"], container.WaitForRecords(2).Order());
    }
}
