using Container.Native.Monitor;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorExecTests(BusyBoxRoot busyBox)
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void The_exit_code_is_reported(string script, int code)
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = container.Execute("sh", "-c", script);
        Assert.Equal(code, exec.WaitForExit());
    }

    [Fact]
    public void It_runs_where_the_container_does()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = container.Execute(
            "sh", "-c", "for n in user pid mnt ipc uts cgroup net; do readlink /proc/self/ns/$n; done; id -u; hostname; echo err >&2");
        string[] expected =
        [
            .. new[] { "user", "pid", "mnt", "ipc", "uts", "cgroup", "net" }
                .Select(kind => new FileInfo($"/proc/{container.Pid}/ns/{kind}").LinkTarget!),
            "0", "test", "",
        ];
        string output = TestPipe.ReadToEnd(exec.Output!);
        Assert.Equal(expected, output.Split('\n'));
        Assert.Equal("err\n", TestPipe.ReadToEnd(exec.Error!));
        Assert.Equal(0, exec.WaitForExit());
        Assert.DoesNotContain("test", container.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_streams_are_the_clients_own()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = container.Execute("sh", "-c", "cat; exit 9");
        exec.Write("through the pipe");
        exec.CloseInput();
        Assert.Equal("through the pipe", TestPipe.ReadToEnd(exec.Output!));
        Assert.Equal(9, exec.WaitForExit());
    }

    [Theory]
    [InlineData("no-such-command", "CommandNotFound")]
    [InlineData("/proc", "CommandNotExecutable")]
    public void A_command_that_cannot_run_is_an_error(string command, string id)
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = container.Execute(command);
        Assert.Equal(("error", id), (exec.Answer.Type, exec.Answer.Id));
        using TestExec next = container.Execute("true");
        Assert.Equal(0, next.WaitForExit());
    }

    [Fact]
    public void It_ends_when_its_client_goes()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        ProcessIdentity process;
        ProcessIdentity child;
        using (TestExec exec = container.Execute("sh", "-c", "sleep 1000 & echo started; wait"))
        {
            process = ProcessIdentity.TryRead(exec.Answer.Pid!.Value)!.Value;
            TestPipe.ReadUntil(exec.Output!, "started");
            string children = File.ReadAllText($"/proc/{process.Pid}/task/{process.Pid}/children").Trim();
            child = ProcessIdentity.TryRead(int.Parse(children, null))!.Value;
        }

        WaitUntilGone(process);
        Poll.Until(() => !child.IsRunning, "its child is still there");
    }

    [Fact]
    public void A_detached_one_outlives_its_client()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        ProcessIdentity process;
        using (TestExec exec = new(container, ["sh", "-c", "while [ ! -e /end ]; do sleep 0.05; done"], detach: true))
        {
            Assert.Equal("started", exec.Answer.Type);
            process = ProcessIdentity.TryRead(exec.Answer.Pid!.Value)!.Value;
        }

        Thread.Sleep(300);
        Assert.True(process.IsRunning);
        using (TestExec end = new(container, ["touch", "/end"])) Assert.Equal(0, end.WaitForExit());
        WaitUntilGone(process);
        Assert.Null(ProcessIdentity.TryRead(process.Pid) is { } other && other == process ? other : (ProcessIdentity?)null);
    }

    [Fact]
    public void A_terminal_is_the_clients_to_use()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = new(container, ["sh", "-c", "tty; stty size; read line; echo \"<$line>\"; exit 8"], terminal: true);
        Assert.True(exec.Answer.Type == "started", exec.Answer.Message);
        FileDescriptor master = exec.Client.Received!;
        string text = TestPipe.ReadUntil(master, "30 100");
        Assert.Contains("/dev/pts/0", text, StringComparison.Ordinal);
        FileCalls.WriteAll(master.Number, "word\n"u8, "terminal");
        TestPipe.ReadUntil(master, "<word>");
        Assert.Equal(8, exec.WaitForExit());
    }

    [Fact]
    public void Another_user_may_open_the_pipes_it_was_given()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestExec exec = new(container, ["sh", "-c", "id -u; echo again > /dev/stdout"], user: "1000");
        Assert.Equal("1000\nagain\n", TestPipe.ReadToEnd(exec.Output!));
        Assert.Equal(0, exec.WaitForExit());
    }

    [Fact]
    public void All_end_with_the_container()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "sleep 0.5; exit 3");
        container.Start();
        using TestExec exec = container.Execute("sleep", "1000");
        Assert.Equal(137, exec.WaitForExit());
        container.WaitForMonitor();
        Assert.Equal(3, container.State.ExitCode);
    }

    [Fact]
    public void A_document_that_is_none_is_refused()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        using TestClient client = container.Connect();
        using FileDescriptor document = Memfd.Create("process.json");
        FileCalls.WriteAll(document.Number, "{\"args\": 3}"u8, "process.json");
        client.Send(new MonitorMessage { Type = "exec" }, document.Number);
        Assert.Equal(("error", "SpecInvalid"), (client.Receive() is { } answer ? (answer.Type, answer.Id) : default));
        client.Send(new MonitorMessage { Type = "exec" });
        Assert.Equal("error", client.Receive().Type);
        client.Send(new MonitorMessage { Type = "nonsense" });
        Assert.Equal("error", client.Receive().Type);
    }

    [Fact]
    public void It_is_as_likely_to_be_killed_for_want_of_memory_as_we_are()
    {
        string own = File.ReadAllText("/proc/self/oom_score_adj");
        using TestContainer container = new(busyBox, "sh", "-c", "cat /proc/self/oom_score_adj; sleep 100");
        container.Start();
        using TestExec exec = container.Execute("cat", "/proc/self/oom_score_adj");
        Assert.Equal(own, TestPipe.ReadToEnd(exec.Output!));
        Assert.Equal($"stdout F {own.Trim()}", Assert.Single(container.WaitForRecords(1)));
    }

    [Fact]
    public void It_has_no_descriptors_but_its_streams()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "ls /proc/self/fd; sleep 100");
        container.Start();
        using TestExec exec = container.Execute("ls", "/proc/self/fd");

        // The fourth is the directory that ls reads.
        Assert.Equal("0\n1\n2\n3\n", TestPipe.ReadToEnd(exec.Output!));
        Assert.Equal(["stdout F 0", "stdout F 1", "stdout F 2", "stdout F 3"], container.WaitForRecords(4));
    }

    [Fact]
    public void Those_that_race_with_the_containers_end_are_all_answered()
    {
        for (int i = 0; i < 10; i++)
        {
            using TestContainer container = new(busyBox, "sleep", $"0.0{i}");
            container.Start();
            Parallel.For(0, 3, _ => RunUntilGone(container));
            container.WaitForMonitor();
            Assert.Equal(("exited", 0), (container.State.Status, container.State.ExitCode));
        }
    }

    [Fact]
    public void A_hundred_at_once_all_end()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        container.Start();
        List<TestExec> execs = [];
        for (int i = 0; i < 100; i++)
        {
            execs.Add(container.Execute("sh", "-c", $"sleep 0.2; exit {i}"));
        }

        for (int i = 0; i < execs.Count; i++)
        {
            Assert.Equal(i, execs[i].WaitForExit());
            execs[i].Dispose();
        }
    }

    /// <summary>Also what shows that code after clone never waits for a lock or a collection of its parent.</summary>
    [Fact]
    public void Ten_thousand_leave_the_monitor_as_it_was()
    {
        using TestContainer container = new(busyBox, "sleep", "1000");
        container.Start();
        Run(container, 50);
        int descriptors = Settled(container);
        Parallel.For(0, 4, _ => Run(container, 2_500));
        Assert.Equal(descriptors, Settled(container));
        Assert.InRange(container.MonitorKilobytes("RssAnon"), 1, 6_000);
        Assert.Single(File.ReadAllText($"/proc/{container.Monitor.Id}/task/{container.Monitor.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Run(TestContainer container, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using TestExec exec = new(container, ["true"], detach: true);
            Assert.Equal(0, exec.WaitForExit());
        }
    }

    private static void RunUntilGone(TestContainer container)
    {
        try
        {
            while (true)
            {
                using TestExec exec = container.Execute("true");
                if (exec.Answer.Type == "started") exec.WaitForExit();
            }
        }
        catch (Exception failure) when (failure is Native.Syscalls.SystemCallException or EndOfStreamException)
        {
            // The monitor has ended.
        }
    }

    // The monitor closes a connection a moment after its client does.
    private static int Settled(TestContainer container) => Poll.Settled(() => container.MonitorDescriptors);

    private static void WaitUntilGone(ProcessIdentity process) =>
        Poll.Until(() => ProcessIdentity.TryRead(process.Pid) != process, "the process, or its zombie, is still there");
}
