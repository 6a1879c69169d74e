using System.Globalization;
using Container.Native.Monitor;
using Container.Runtime.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorRestartTests(BusyBoxRoot busyBox)
{
    [Theory]
    [InlineData(null, 0, false)]
    [InlineData(null, 1, false)]
    [InlineData("onFailure", 0, false)]
    [InlineData("onFailure", 1, true)]
    [InlineData("always", 0, true)]
    [InlineData("always", 137, true)]
    public void The_policy_decides_by_the_exit_code(string? policy, int exitCode, bool expected)
    {
        RestartSchedule schedule = new();
        schedule.Set(policy, restartLimit: null);
        Assert.Equal(expected, schedule.Wants(exitCode));
    }

    [Fact]
    public void Delays_double_up_to_a_minute_and_begin_anew_after_ten_seconds_of_life()
    {
        RestartSchedule schedule = new();
        schedule.Set("always", restartLimit: null);
        long[] delays = [.. Enumerable.Range(0, 13).Select(_ => schedule.Next(ranMilliseconds: 9999))];
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000, 60000], delays);
        Assert.Equal(100, schedule.Next(ranMilliseconds: 10_000));
        Assert.Equal(200, schedule.Next(ranMilliseconds: 0));
        Assert.Equal(15, schedule.Count);
    }

    [Fact]
    public void A_limit_holds_for_failures_only()
    {
        RestartSchedule schedule = new();
        schedule.Set("onFailure", restartLimit: 1);
        Assert.True(schedule.Wants(1));
        schedule.Next(0);
        Assert.False(schedule.Wants(1));
        schedule.Set("always", restartLimit: 1);
        Assert.True(schedule.Wants(1));
    }

    [Fact]
    public void What_fails_is_started_again_with_pauses_and_ends_at_its_limit()
    {
        using TestContainer container = Make("onFailure", 2, "sh", "-c", "echo run; echo x >> /runs; exit 3");
        container.Start();
        Assert.Equal(3, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(("exited", 3, 2), (container.State.Status, container.State.ExitCode, container.State.RestartCount));
        Assert.Equal(3, File.ReadAllLines($"{container.Request.Rootfs.Upper}/runs").Length);
        Assert.Equal(["stdout F run", "stdout F run", "stdout F run"], container.Records);

        MonitorEvent[] events = Events(container);
        Assert.Equal(
            ["start", "exit", "restart", "start", "exit", "restart", "start", "exit"], events.Select(line => line.Action));
        Assert.InRange((events[2].Time - events[1].Time)!.Value.TotalMilliseconds, 95, TestContainer.Patience);
        Assert.InRange((events[5].Time - events[4].Time)!.Value.TotalMilliseconds, 195, TestContainer.Patience);
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void What_succeeds_stays_ended_unless_it_is_to_run_always()
    {
        using TestContainer once = Make("onFailure", null, "true");
        once.Start();
        Assert.Equal(0, once.Wait().ExitCode);
        Assert.Equal(0, once.State.RestartCount);
        using TestContainer always = Make("always", null, "true");
        always.Start();
        WaitFor(always, state => state.RestartCount >= 2);
        Stop(always);
        always.WaitForMonitor();
        Assert.Equal("exited", always.State.Status);
    }

    [Fact]
    public void What_was_stopped_is_not_started_again()
    {
        using TestContainer container = Make("always", null, "sleep", "1000");
        container.Start();
        Stop(container);
        Assert.Equal(137, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(("exited", 0), (container.State.Status, container.State.RestartCount));
    }

    [Fact]
    public void What_waits_for_its_next_start_can_be_stopped()
    {
        using TestContainer container = Make("always", null, "sh", "-c", "exit 4");
        container.Start();
        WaitFor(container, state => state is { Status: "restarting", RestartCount: >= 3 });
        Stop(container);
        container.WaitForMonitor();
        Assert.Equal(("exited", 4), (container.State.Status, container.State.ExitCode));
    }

    [Fact]
    public void A_policy_that_is_taken_back_holds_from_the_next_end_on()
    {
        using TestContainer container = Make("always", null, "sleep", "1000");
        container.Start();
        File.WriteAllBytes(
            $"{container.Directory}/monitor.json", MonitorDocument.Write(container.Request with { RestartPolicy = null }));
        container.Client.Request(new MonitorMessage { Type = "update" });
        container.Kill();
        Assert.Equal(137, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(0, container.State.RestartCount);
    }

    [Fact]
    public void A_start_that_fails_later_is_an_end_like_another()
    {
        using TestContainer container = Make("onFailure", 1, "sh", "-c", "rm /bin/sh; exit 1");
        container.Start();
        Assert.Equal(127, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Equal(1, container.State.RestartCount);
        Assert.Contains("sh", container.State.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_attached_stays_so()
    {
        using TestContainer container = Make("onFailure", 1, "sh", "-c", "echo out; echo err >&2; exit 1");
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        output.TakeWrite().Dispose();
        error.TakeWrite().Dispose();
        Assert.Equal("out\nout\n", TestPipe.ReadToEnd(output.Read));
        Assert.Equal("err\nerr\n", TestPipe.ReadToEnd(error.Read));
        Assert.Equal(("exited", 1), (container.Client.Receive().Type, container.State.ExitCode));
    }

    private static MonitorEvent[] Events(TestContainer container) =>
        [.. File.ReadAllLines(container.Request.EventLog!).Select(line => MonitorDocument.ReadEvent(
            System.Text.Encoding.UTF8.GetBytes(line)))];

    private static void Stop(TestContainer container)
    {
        using TestClient client = container.Connect();
        client.Request(new MonitorMessage { Type = "kill", Signal = 9, Stop = true });
    }

    private static void WaitFor(TestContainer container, Func<MonitorState, bool> condition) => Assert.True(
        SpinWait.SpinUntil(() => condition(container.State), TestContainer.Patience),
        string.Create(CultureInfo.InvariantCulture, $"{container.State}"));

    private TestContainer Make(string? policy, int? limit, params string[] command)
    {
        TestContainer container = new(busyBox, command);
        container.Request = container.Request with
        {
            RestartPolicy = policy, RestartLimit = limit, EventLog = $"{container.Directory}/events",
        };
        return container;
    }
}
