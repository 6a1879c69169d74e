using Container.Native.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A container that was started in the foreground ends with whoever started it.</summary>
public sealed class MonitorOwnerTests(BusyBoxRoot busyBox)
{
    [Theory]
    [InlineData(null)]
    [InlineData("always")]
    public void It_is_killed_with_all_its_processes_and_not_started_again(string? policy)
    {
        using TestContainer container = new(busyBox, "sh", "-c", "trap : TERM HUP; sleep 1000 & wait; wait; sleep 1000");
        container.Request = container.Request with { RestartPolicy = policy };
        Start(container, detach: false);
        container.Client.Dispose();
        container.WaitForMonitor();
        Assert.Equal(("exited", 9, 0), (container.State.Status, container.State.Signal, container.State.RestartCount));
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void It_is_not_started_again_where_it_waits_for_that()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "exit 3");
        container.Request = container.Request with { RestartPolicy = "always" };
        Start(container, detach: false);
        Assert.True(SpinWait.SpinUntil(() => container.State.RestartCount > 2, TestContainer.Patience));
        container.Client.Dispose();
        container.WaitForMonitor();
        Assert.Equal(("exited", 3), (container.State.Status, container.State.ExitCode));
    }

    [Fact]
    public void It_is_killed_where_it_is_paused()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        Start(container, detach: false);
        container.Client.Request(new MonitorMessage { Type = "pause" });
        container.Client.Dispose();
        container.WaitForMonitor();
        Assert.Equal(9, container.State.Signal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public void Another_goes_on(bool? detach)
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        Start(container, detach);
        container.Client.Dispose();

        // Requests are served in their order, so the monitor knows by then.
        using TestClient later = container.Connect();
        later.Request(new MonitorMessage { Type = "kill", Signal = 18 });
        Assert.Equal("running", container.State.Status);
    }

    private static void Start(TestContainer container, bool? detach)
    {
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start", Detach = detach });
        Assert.Equal("started", container.Client.Receive().Type);
    }
}
