using Container.Native.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>There is a monitor for each container: what one keeps counts a thousand times.</summary>
public sealed class MonitorMemoryTests(BusyBoxRoot busyBox)
{
    // Its own pages; what it shares with the other monitors counts once for all of them.
    private const int Rest = 700;

    [Fact]
    public void One_that_is_idle_needs_little()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        Run(container, 1);
        WaitForRest(container);
        Assert.Equal(2, Directory.GetDirectories($"/proc/{container.Monitor.Id}/task").Length);
    }

    [Fact]
    public void Checks_every_second_do_not_keep_it_from_resting()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Request = container.Request with
        {
            Health = new MonitorHealth { Command = ["true"], IntervalMilliseconds = 1000, TimeoutMilliseconds = 10_000, Retries = 3 },
        };
        container.Start();
        Poll.Until(() => container.State.Health is { Status: "healthy" }, "it has not been checked");
        Run(container, 50);
        WaitForRest(container);
    }

    [Fact]
    public void A_container_that_never_stops_writing_does_not_keep_it_from_resting()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "while :; do echo line; usleep 40000; done");
        container.Start();
        Run(container, 50);
        WaitForRest(container);
    }

    [Fact]
    public void It_does_not_grow_with_what_it_has_served()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Start();
        Run(container, 50);
        WaitForRest(container);
        long before = container.MonitorKilobytes("RssAnon");
        Run(container, 500);
        WaitForRest(container);
        Assert.InRange(container.MonitorKilobytes("RssAnon"), 0, before + 64);
    }

    private static void Run(TestContainer container, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using TestExec exec = container.Execute("true");
            Assert.Equal(0, exec.WaitForExit());
        }
    }

    private static void WaitForRest(TestContainer container) => Assert.True(
        SpinWait.SpinUntil(() => container.MonitorKilobytes("RssAnon") <= Rest, TestContainer.Patience),
        $"it has {container.MonitorKilobytes("RssAnon")} KiB");
}
