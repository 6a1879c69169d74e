using Container.Native.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorHealthTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void A_container_is_starting_until_a_check_succeeds()
    {
        using TestContainer container = Make(new MonitorHealth { Command = ["test", "-e", "/healthy"], Retries = 1000 });
        container.Start();
        Assert.Equal("starting", container.State.Health!.Status);
        WaitFor(container, health => health.ExitCode == 1);
        using TestExec touch = container.Execute("touch", "/healthy");
        WaitFor(container, health => health is { Status: "healthy", ExitCode: 0, FailingStreak: 0 });
    }

    [Fact]
    public void It_is_unhealthy_after_so_many_failures_and_healthy_again_after_one_success()
    {
        using TestContainer container = Make(new MonitorHealth
        {
            Command = ["sh", "-c", "echo checked; echo x >> /checks; test -e /healthy"], Retries = 3,
        });
        container.Start();
        WaitFor(container, health => health.Status == "unhealthy");
        Assert.InRange(container.State.Health!.FailingStreak, 3, 1000);
        Assert.Equal("checked", container.State.Health.Output);
        Assert.InRange(File.ReadAllLines($"{container.Request.Rootfs.Upper}/checks").Length, 3, 1000);
        Assert.Equal("running", container.State.Status);
        using TestExec touch = container.Execute("touch", "/healthy");
        WaitFor(container, health => health is { Status: "healthy", FailingStreak: 0 });
    }

    [Fact]
    public void Failures_do_not_count_in_the_start_period()
    {
        using TestContainer container = Make(new MonitorHealth
        {
            Command = ["sh", "-c", "echo x >> /checks; false"], Retries = 1, StartPeriodMilliseconds = 600_000,
        });
        container.Start();
        WaitForChecks(container, 4);
        Assert.Equal(("starting", 0), (container.State.Health!.Status, container.State.Health.FailingStreak));
    }

    [Fact]
    public void A_check_that_takes_too_long_is_ended_and_has_failed()
    {
        using TestContainer container = Make(new MonitorHealth
        {
            Command = ["sleep", "4711"], TimeoutMilliseconds = 100, Retries = 1,
        });
        container.Start();
        WaitFor(container, health => health.Status == "unhealthy");
        Assert.Equal((-1, "the check took too long"), (container.State.Health!.ExitCode, container.State.Health.Output));
        container.Client.Request(new MonitorMessage { Type = "pause" });
        using (TestClient client = container.Connect())
        {
            client.Request(new MonitorMessage { Type = "resume" });
        }

        container.Kill();
        container.WaitForMonitor();
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void A_command_that_is_not_there_has_failed_and_is_named()
    {
        using TestContainer container = Make(new MonitorHealth { Command = ["nosuch"], Retries = 1 });
        container.Start();
        WaitFor(container, health => health.Status == "unhealthy");
        Assert.Equal(-1, container.State.Health!.ExitCode);
        Assert.Contains("nosuch", container.State.Health.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_beginning_of_what_a_check_writes_is_kept()
    {
        using TestContainer container = Make(new MonitorHealth { Command = ["seq", "1", "100000"] });
        container.Start();
        WaitFor(container, health => health.Status == "healthy");
        Assert.StartsWith("1\n2\n3\n", container.State.Health!.Output, StringComparison.Ordinal);
        Assert.InRange(container.State.Health.Output!.Length, 4000, 4096);
    }

    [Theory]
    [InlineData("kill", 137, 0)]
    [InlineData("stop", 7, 0)]
    [InlineData("restart", 7, 1)]
    public void An_unhealthy_container_is_dealt_with(string action, int exitCode, int restarts)
    {
        using TestContainer container = Make(
            new MonitorHealth { Command = ["false"], Retries = 1, Action = action },
            "sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.02; done");
        container.Start();
        Assert.True(SpinWait.SpinUntil(
            () => restarts > 0 ? container.State.RestartCount >= restarts : container.State.Status == "exited",
            TestContainer.Patience));
        Assert.Equal(exitCode, container.State.ExitCode);
        if (restarts == 0) container.WaitForMonitor();
    }

    [Fact]
    public void A_client_can_have_it_checked_now()
    {
        using TestContainer container = Make(new MonitorHealth
        {
            Command = ["sh", "-c", "echo now; exit 2"], IntervalMilliseconds = 600_000,
        });
        container.Start();
        using TestClient client = container.Connect();
        client.Send(new MonitorMessage { Type = "check" });
        MonitorMessage answer = client.Receive();
        Assert.Equal(("checked", 2, "now"), (answer.Type, answer.ExitCode, answer.Message));

        client.Request(new MonitorMessage { Type = "pause" });
        client.Send(new MonitorMessage { Type = "check" });
        Assert.Equal("ContainerPaused", client.Receive().Id);
        client.Request(new MonitorMessage { Type = "resume" });
    }

    [Fact]
    public void Without_a_health_check_there_is_nothing_to_check()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Start();
        Assert.Null(container.State.Health);
        using TestClient client = container.Connect();
        client.Send(new MonitorMessage { Type = "check" });
        Assert.Equal("HealthCheckMissing", client.Receive().Id);
    }

    [Fact]
    public void A_paused_container_is_not_checked()
    {
        using TestContainer container = Make(new MonitorHealth { Command = ["sh", "-c", "echo x >> /checks"] });
        container.Start();
        WaitForChecks(container, 2);
        container.Client.Request(new MonitorMessage { Type = "pause" });
        string path = $"{container.Request.Rootfs.Upper}/checks";
        long before = new FileInfo(path).Length;
        Thread.Sleep(400);
        Assert.Equal(before, new FileInfo(path).Length);
        container.Client.Request(new MonitorMessage { Type = "resume" });
        WaitForChecks(container, (int)(before / 2) + 2);
    }

    [Fact]
    public void Checks_are_no_events_but_what_they_find_is()
    {
        using TestContainer container = Make(new MonitorHealth { Command = ["test", "-e", "/healthy"], Retries = 1 });
        container.Start();
        WaitFor(container, health => health.Status == "unhealthy");
        using TestExec touch = container.Execute("touch", "/healthy");
        Assert.Equal(0, touch.Client.Receive().ExitCode);
        WaitFor(container, health => health.Status == "healthy");
        MonitorEvent[] events = [.. File.ReadAllLines(container.Request.EventLog!)
            .Select(line => MonitorDocument.ReadEvent(System.Text.Encoding.UTF8.GetBytes(line)))];
        Assert.Equal(
            ["unhealthy", "healthy"],
            events.Where(found => found.Action == "health").Select(found => found.Attributes!["status"]));
        Assert.Single(events, found => found.Action == "exec");
        Assert.Single(events, found => found.Action == "execExit");
    }

    private static void WaitFor(TestContainer container, Func<MonitorHealthState, bool> condition) => Assert.True(
        SpinWait.SpinUntil(() => condition(container.State.Health!), TestContainer.Patience),
        $"{container.State.Health}");

    private static void WaitForChecks(TestContainer container, int count)
    {
        string path = $"{container.Request.Rootfs.Upper}/checks";
        Assert.True(SpinWait.SpinUntil(
            () => File.Exists(path) && new FileInfo(path).Length >= 2 * count, TestContainer.Patience));
    }

    private TestContainer Make(MonitorHealth health, params string[] command)
    {
        TestContainer container = new(busyBox, command.Length > 0 ? command : ["sleep", "1000"]);
        container.Request = container.Request with
        {
            Health = health with
            {
                TimeoutMilliseconds = health.TimeoutMilliseconds > 0 ? health.TimeoutMilliseconds : TestContainer.Patience,
                IntervalMilliseconds = health.IntervalMilliseconds > 60_000 ? health.IntervalMilliseconds : 50,
            },
            EventLog = $"{container.Directory}/events",
        };
        return container;
    }
}
