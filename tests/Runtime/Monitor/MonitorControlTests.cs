using System.Diagnostics;
using Container.Native.Cgroups;
using Container.Native.Monitor;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorControlTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void The_end_is_told_where_the_cgroup_cannot_be_removed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nsenter"), "nsenter is not installed");
        using TestContainer container = new(busyBox, "sleep", "1000") { OwnMounts = true };
        container.Start();
        using (CgroupManager cgroup = CgroupManager.Open(container.CgroupPath))
        {
            string mounts = string.Join(' ', cgroup.Paths.Values.Select(
                path => path[..path.IndexOf(container.CgroupPath, StringComparison.Ordinal)]).Distinct());
            string script = $"for m in {mounts}; do mount -o remount,bind,ro $m || exit 1; done";
            using Process remount = Process.Start(
                "nsenter", ["-t", $"{container.State.MonitorPid}", "-m", "sh", "-c", script]);
            remount.WaitForExit();
            Assert.Equal(0, remount.ExitCode);
        }

        container.Kill();
        Assert.Equal(137, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(("exited", 137), (container.State.Status, container.State.ExitCode));
        Assert.NotEmpty(container.FindCgroups());
        using CgroupManager left = CgroupManager.Open(container.CgroupPath);
        Assert.True(left.Remove());
    }

    [Fact]
    public void A_signal_reaches_the_first_process()
    {
        using TestContainer container = new(
            busyBox, "sh", "-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        container.Start();
        WaitForLog(container, "ready");
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 15 });
        Assert.Equal(5, container.Wait().ExitCode);
        Assert.Contains("stdout F caught", container.Records);
    }

    [Fact]
    public void A_kill_is_reported_with_its_signal()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestClient waiting = container.Connect();
        waiting.Send(new MonitorMessage { Type = "wait" });
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 9, All = true });
        MonitorMessage end = waiting.Receive();
        Assert.Equal((137, 9), (end.ExitCode, end.Signal));
        Assert.Equal((137, 9, false), (container.State.ExitCode, container.State.Signal, container.State.OutOfMemory));
    }

    [Fact]
    public void Everybody_who_waits_is_told()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "sleep 0.3; exit 7");
        container.Start();
        TestClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => container.Connect())];
        foreach (TestClient client in clients) client.Send(new MonitorMessage { Type = "wait" });
        Assert.All(clients, client => Assert.Equal(7, client.Receive().ExitCode));
        foreach (TestClient client in clients) client.Dispose();
    }

    [Fact]
    public void A_paused_container_does_nothing_until_it_is_resumed()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "while :; do echo tick; sleep 0.02; done");
        container.Start();
        WaitForLog(container, "tick");
        container.Client.Request(new MonitorMessage { Type = "pause" });
        Assert.Equal("paused", container.State.Status);
        int length = Poll.Settled(() => container.Log.Length);
        using TestExec refused = container.Execute("true");
        Assert.Equal("ContainerPaused", refused.Answer.Id);

        container.Client.Request(new MonitorMessage { Type = "resume" });
        Assert.Equal("running", container.State.Status);
        Poll.Until(() => container.Log.Length != length, "it does not go on");
    }

    [Fact]
    public void A_paused_container_can_be_killed()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        container.Client.Request(new MonitorMessage { Type = "pause" });
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 9 });
        Assert.Equal(137, container.Wait().ExitCode);
    }

    [Fact]
    public void The_time_limit_kills()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Request = container.Request with { TimeLimitSeconds = 1 };
        Stopwatch time = Stopwatch.StartNew();
        container.Start();
        Assert.Equal(137, container.Wait().ExitCode);
        Assert.InRange(time.ElapsedMilliseconds, 900, 60_000);
        Assert.Contains("time limit", container.State.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sigterm_to_the_monitor_stops_the_container_with_grace()
    {
        using TestContainer container = new(
            busyBox, "sh", "-c", "trap 'exit 4' TERM; echo ready; while :; do sleep 0.05; done");
        container.Start();
        WaitForLog(container, "ready");
        Assert.Equal(0, Signals.kill(container.Monitor.Id, 15));
        container.WaitForMonitor();
        Assert.Equal(4, container.State.ExitCode);
    }

    [Fact]
    public void A_container_that_uses_up_its_memory_is_reported()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "exec tail /dev/zero");
        container.Spec = container.Spec with
        {
            Linux = container.Spec.Linux! with { Resources = new OciResources { Memory = new OciMemory { Limit = 16 << 20 } } },
        };
        container.Start();
        MonitorMessage end = container.Wait();
        Assert.Equal((137, 9, true), (end.ExitCode, end.Signal, end.OutOfMemory));
        Assert.True(container.State.OutOfMemory);
    }

    [Fact]
    public void A_monitor_that_is_killed_leaves_a_state_that_tells()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        container.Monitor.Kill();
        container.WaitForMonitor();
        MonitorState state = container.State;
        Assert.Equal("running", state.Status);
        Assert.False(new ProcessIdentity(state.MonitorPid, state.MonitorStartTime).IsRunning);

        // The container may live on; its cgroup is how it is found and ended.
        ProcessIdentity first = new(state.Pid, state.PidStartTime);
        using (Native.Cgroups.CgroupManager cgroup = Native.Cgroups.CgroupManager.Open(container.CgroupPath))
        {
            cgroup.Kill();
            Assert.True(cgroup.Remove());
        }

        Assert.False(first.IsRunning);
    }

    [Fact]
    public void A_client_that_never_reads_is_dropped()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestClient client = container.Connect();
        Assert.Throws<SystemCallException>(() =>
        {
            for (int i = 0; i < 100_000; i++) client.Send(new MonitorMessage { Type = "nonsense" });
        });
        using TestExec exec = container.Execute("true");
        Assert.Equal(0, exec.WaitForExit());
    }

    [Fact]
    public void Descriptors_that_were_passed_on_by_mistake_are_closed()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.InheritedDescriptor = true;
        container.Start();
        Assert.DoesNotContain(
            Directory.GetFiles($"/proc/{container.Monitor.Id}/fd"),
            file => new FileInfo(file).LinkTarget?.EndsWith("/inherited", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_packet_that_is_no_message_is_answered()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using PacketSocket socket = PacketSocket.Connect(container.Directory, MonitorConnection.SocketName);
        byte[] answer = new byte[PacketSocket.MaximumLength];
        foreach (byte[] packet in (byte[][])[[0], "[]"u8.ToArray(), "{\"type\":7}"u8.ToArray(), new byte[60_000]])
        {
            socket.Send(packet);
            Assert.True(socket.Poll(TestContainer.Patience));
            int length = socket.Receive(answer, []);
            Assert.Equal("error", MonitorDocument.ReadMessage(answer.AsSpan(0, length)).Type);
        }
    }

    [Fact]
    public void A_flood_of_output_does_not_make_it_grow()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "yes | head -c 100000000");
        container.Request = container.Request with { LogMaxBytes = 1 << 20, LogMaxFiles = 2 };
        container.Start();
        using TestClient waiting = container.Connect();
        waiting.Send(new MonitorMessage { Type = "wait" });
        long peak = 0;
        while (!waiting.HasMessage(20)) peak = Math.Max(peak, container.MonitorKilobytes("RssAnon"));
        Assert.Equal(0, waiting.Receive().ExitCode);
        Assert.InRange(peak, 1, 4_000);
    }

    private static void WaitForLog(TestContainer container, string text) =>
        Poll.Until(() => container.Log.Contains(text, StringComparison.Ordinal), $"'{text}' is not in the log");
}
