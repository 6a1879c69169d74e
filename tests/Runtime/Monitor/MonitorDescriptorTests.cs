using System.Globalization;
using Container.Native.Monitor;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A monitor that runs out of descriptors: clients wait or are told, the container goes on.</summary>
public sealed class MonitorDescriptorTests(BusyBoxRoot busyBox)
{
    private const int Limit = 64;
    private const int RLIMIT_NOFILE = 7;

    [Fact]
    public void Clients_it_has_no_room_for_are_served_when_others_have_gone()
    {
        using TestContainer container = Start("sleep", "1000");
        int before = container.MonitorDescriptors;
        using Crowd crowd = new(container);

        // Who is in can do everything; what it takes is kept back.
        container.Client.Request(new MonitorMessage { Type = "pause" });
        container.Client.Request(new MonitorMessage { Type = "resume" });
        using TestClient last = container.Connect();
        last.Send(new MonitorMessage { Type = "kill", Signal = 0 });
        Assert.False(last.HasMessage(500));
        Assert.Equal("running", container.State.Status);

        crowd.Dispose();
        Assert.Equal("ok", last.Receive().Type);
        last.Dispose();
        WaitForDescriptors(container, before);
    }

    [Fact]
    public void They_are_served_as_well_when_it_may_have_more_and_nobody_goes()
    {
        using TestContainer container = Start("sleep", "1000");
        
        // All numbers below it are taken.
        SetLimit(container, Enumerable.Range(0, Limit).First(
            number => !Path.Exists($"/proc/{container.Monitor.Id}/fdinfo/{number}")));
        using TestClient client = container.Connect();
        client.Send(new MonitorMessage { Type = "kill", Signal = 0 });
        Assert.False(client.HasMessage(500));
        SetLimit(container, Limit);
        Assert.Equal("ok", client.Receive().Type);
    }

    [Fact]
    public void A_further_process_it_has_no_room_for_is_refused_and_nothing_of_it_is_left()
    {
        using TestContainer container = Start("sleep", "1000");
        int before = container.MonitorDescriptors;
        using (TestExec first = container.Execute("true"))
        {
            Assert.Equal(0, first.WaitForExit());
        }

        WaitForDescriptors(container, before);
        int refused = 0;
        for (int limit = before + 1; limit <= Limit; limit++)
        {
            SetLimit(container, limit);
            using (TestExec exec = container.Execute("true"))
            {
                if (exec.Answer.Type == "started") break;
                Assert.Equal(("error", "SystemCallFailed"), (exec.Answer.Type, exec.Answer.Id));
                Assert.Equal((int)Errno.EMFILE, exec.Answer.Errno);
            }

            refused++;
            WaitForDescriptors(container, before);
        }

        Assert.InRange(refused, 5, Limit);
        SetLimit(container, Limit);
        using TestExec last = container.Execute("sh", "-c", "set -- /proc/[0-9]*; echo $#; exit 5");
        Assert.Equal(5, last.WaitForExit());

        // The first process and the shell.
        Assert.Equal("2\n", TestPipe.ReadToEnd(last.Output!));
        Assert.Equal("running", container.State.Status);
    }

    [Fact]
    public void How_the_container_ends_is_recorded_all_the_same()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "trap 'exit 7' TERM; echo; while :; do sleep 0.02; done");
        container.Request = container.Request with { EventLog = $"{container.Directory}/events" };
        container.DescriptorLimit = Limit;
        container.Start();
        using Crowd crowd = new(container);
        container.WaitForRecords(1);
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 15 });
        container.WaitForMonitor();
        Assert.Equal(("exited", 7), (container.State.Status, container.State.ExitCode));
        Assert.Equal(
            ["start", "signal", "exit"],
            File.ReadAllLines(container.Request.EventLog!)
                .Select(line => MonitorDocument.ReadEvent(System.Text.Encoding.UTF8.GetBytes(line)).Action));
        Assert.All(crowd.Clients.Take(10), client => Assert.Equal(7, client.Receive().ExitCode));
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void Restarts_and_checks_go_on()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "sleep 1; exit 1");
        container.Request = container.Request with
        {
            RestartPolicy = "always",
            Health = new MonitorHealth
            {
                Command = ["true"],
                IntervalMilliseconds = 50,
                TimeoutMilliseconds = TestContainer.Patience,
                Retries = 1,
                Action = "kill",
            },
        };
        container.DescriptorLimit = Limit;
        container.Start();
        using Crowd crowd = new(container);
        Assert.True(SpinWait.SpinUntil(() => container.State.Status == "restarting", TestContainer.Patience));
        crowd.Dispose();
        Assert.True(SpinWait.SpinUntil(() => container.State.RestartCount >= 2, TestContainer.Patience));
        Assert.Equal(1, container.State.ExitCode);
        Assert.True(SpinWait.SpinUntil(
            () => container.State.Health is { Status: "healthy" }, TestContainer.Patience));
    }

    [Fact]
    public void Further_processes_leave_no_descriptor_thread_or_memory()
    {
        int rounds = int.Parse(
            Environment.GetEnvironmentVariable("CONTAINER_TEST_ROUNDS") ?? "200", CultureInfo.InvariantCulture);
        using TestContainer container = Start("sleep", "1000");
        int descriptors = container.MonitorDescriptors;
        Execute(container, 50);
        long threads = container.MonitorKilobytes("Threads:");
        long memory = container.MonitorKilobytes("RssAnon:");
        Execute(container, rounds);
        WaitForDescriptors(container, descriptors);
        Assert.Equal(threads, container.MonitorKilobytes("Threads:"));
        Assert.InRange(container.MonitorKilobytes("RssAnon:"), 0, memory + 2048);
    }

    // A client that goes is noticed in the monitor's next turn.
    private static void WaitForDescriptors(TestContainer container, int count) => Assert.True(
        SpinWait.SpinUntil(() => container.MonitorDescriptors == count, TestContainer.Patience),
        $"{container.MonitorDescriptors} descriptors, not {count}");

    private static void Execute(TestContainer container, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            using TestExec exec = container.Execute("true");
            Assert.Equal(0, exec.WaitForExit());
        }
    }

    private static unsafe void SetLimit(TestContainer container, int limit)
    {
        ulong* limits = stackalloc ulong[2] { (ulong)limit, Limit };
        SystemCallException.Check(
            ProcessCalls.prlimit(container.Monitor.Id, RLIMIT_NOFILE, limits, null), "prlimit");
    }

    private TestContainer Start(params string[] command)
    {
        TestContainer container = new(busyBox, command) { DescriptorLimit = Limit };
        container.Start();

        // The answer to this comes when the monitor has all it needs to rest.
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 0 });
        return container;
    }

    /// <summary>More clients than there is room for, who all want to know of the end.</summary>
    private sealed class Crowd : IDisposable
    {
        public Crowd(TestContainer container)
        {
            for (int i = 0; i < Limit; i++)
            {
                Clients.Add(container.Connect());
                Clients[i].Send(new MonitorMessage { Type = "wait" });
            }
        }

        public List<TestClient> Clients { get; } = [];

        public void Dispose() => Clients.ForEach(client => client.Dispose());
    }
}
