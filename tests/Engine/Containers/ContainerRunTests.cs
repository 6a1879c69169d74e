using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Logs;
using Container.Engine.Monitor;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Monitor;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>Containers that run, on the kernel this machine has, with the psrun that was built.</summary>
public sealed class ContainerRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("host")]
    [InlineData("rootfs")]
    public void A_container_runs_and_its_end_is_recorded(string image)
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, image, "echo out; echo err >&2; exit 3"));

        ContainerRecord started = test.Containers.Start(made.Id, Cancellation);
        Assert.NotNull(started.StartedAt);
        Assert.Equal(new ContainerExit(3, null, false), test.Containers.Wait(made.Id, Cancellation));

        ContainerRecord ended = test.Containers.Resolve(made.Id);
        Assert.Equal((ContainerState.Exited, 3, null), (ended.State, ended.ExitCode, ended.Error));
        Assert.True(ended.FinishedAt >= ended.StartedAt);
        LogEntry[] log = [.. test.Containers.ReadLog(made.Id, null, Cancellation)];
        Assert.Equal(
            [(LogStream.Stderr, "err"), (LogStream.Stdout, "out")],
            log.Select(entry => (entry.Stream, entry.Line)).OrderBy(entry => entry.Line));

        test.Containers.Remove(made.Id, cancellation: Cancellation);
        ContainerCreateTests.AssertEmpty(test);
        AssertNothingLeft(made.Id);
    }

    [Fact]
    public void A_container_is_started_stopped_and_started_again()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(
            Shell(test, "rootfs", "trap 'echo end; exit 7' TERM; echo begin; while :; do sleep 0.05; done"));
        for (int round = 1; round <= 2; round++)
        {
            ContainerRecord started = test.Containers.Start(made.Id, Cancellation);
            Assert.Equal(ContainerState.Running, started.State);
            Assert.Equal(started.Pid, test.Containers.Start(made.Id, Cancellation).Pid);
            WaitForLog(test, made.Id, "begin", round);
            ContainerRecord stopped = test.Containers.Stop(made.Id, null, Cancellation);
            Assert.Equal((ContainerState.Exited, 7), (stopped.State, stopped.ExitCode));
            Assert.Equal(ContainerState.Exited, test.Containers.Stop(made.Id, null, Cancellation).State);
        }

        Assert.Equal(
            ["begin", "end", "begin", "end"],
            test.Containers.ReadLog(made.Id, null, Cancellation).Select(entry => entry.Line));
    }

    [Fact]
    public void What_does_not_stop_is_killed_after_its_grace()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        test.Containers.Start(made.Id, Cancellation);
        WaitForLog(test, made.Id, "ready", 1);

        long start = Stopwatch.GetTimestamp();
        ContainerRecord stopped = test.Containers.Stop(made.Id, new StopOptions { TimeoutSec = 1 }, Cancellation);
        Assert.Equal((137, 9), (stopped.ExitCode, stopped.Signal));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, 60);
    }

    [Fact]
    public void A_container_that_runs_is_removed_by_force_only()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "host", "sleep 1000"));
        test.Containers.Start(made.Id, Cancellation);

        EngineException failure = Assert.Throws<EngineException>(() =>
            test.Containers.Remove(made.Id, cancellation: Cancellation));
        Assert.Equal(ErrorId.ContainerRunning, failure.Id);
        test.Containers.Remove(made.Id, force: true, Cancellation);
        ContainerCreateTests.AssertEmpty(test);
        AssertNothingLeft(made.Id);
    }

    [Fact]
    public void A_paused_container_is_resumed_and_stopped()
    {
        TestUser.RequireLimits();
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "trap 'exit 5' TERM; while :; do sleep 0.05; done"));
        test.Containers.Start(made.Id, Cancellation);

        Assert.Equal(ContainerState.Paused, test.Containers.Pause(made.Id, Cancellation).State);
        Assert.Equal(
            ErrorId.ContainerPaused,
            Assert.Throws<EngineException>(() =>
                test.Containers.Exec(made.Id, new ExecOptions { Command = ["true"] }, Cancellation)).Id);
        Assert.Equal(ContainerState.Running, test.Containers.Resume(made.Id, Cancellation).State);
        test.Containers.Pause(made.Id, Cancellation);
        Assert.Equal(ContainerState.Exited, test.Containers.Stop(made.Id, null, Cancellation).State);
    }

    [Theory]
    [InlineData("/bin/nothing-there", ErrorId.CommandNotFound)]
    [InlineData("nothing-there", ErrorId.CommandNotFound)]
    [InlineData("/etc/passwd", ErrorId.CommandNotExecutable)]
    [InlineData("/tmp", ErrorId.CommandNotExecutable)]
    public void A_command_that_cannot_be_run_is_told_from_one_that_is_not_there(string command, string id)
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(new() { RootFsPath = test.MakeRootFs(), Command = command });

        EngineException failure = Assert.Throws<EngineException>(() => test.Containers.Start(made.Id, Cancellation));
        Assert.Equal(id, failure.Id);
        Assert.Contains(command, failure.Message, StringComparison.Ordinal);
        ContainerRecord record = test.Containers.Resolve(made.Id);
        Assert.Equal(ContainerState.Created, record.State);
        Assert.NotNull(record.Error);
        test.Containers.Remove(made.Id, cancellation: Cancellation);
        ContainerCreateTests.AssertEmpty(test);
    }

    [Fact]
    public void A_container_that_needs_too_much_memory_is_killed_and_says_so()
    {
        TestUser.RequireLimits();
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(
            test, "host", "exec dd if=/dev/zero of=/dev/null bs=200M count=1") with
            {
                Memory = 32 << 20, MemorySwap = 32 << 20,
            });
        test.Containers.Start(made.Id, Cancellation);

        ContainerExit exit = test.Containers.Wait(made.Id, Cancellation);
        Assert.Equal((137, true), (exit.ExitCode, exit.OutOfMemory));
        Assert.True(test.Containers.Resolve(made.Id).OutOfMemory);
    }

    [Fact]
    public void A_time_limit_ends_a_container()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "sleep 100") with { TimeoutSec = 1 });
        test.Containers.Start(made.Id, Cancellation);

        Assert.Equal(137, test.Containers.Wait(made.Id, Cancellation).ExitCode);
        Assert.Contains("time limit", test.Containers.Resolve(made.Id).Error!, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_is_cancelled_within_moments()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "sleep 100"));
        test.Containers.Start(made.Id, Cancellation);
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(200));
        long start = Stopwatch.GetTimestamp();

        Assert.ThrowsAny<OperationCanceledException>(() => test.Containers.Wait(made.Id, source.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.1, 60);
        Assert.Equal(ContainerState.Running, test.Containers.Resolve(made.Id).State);
    }

    [Fact]
    public void Twenty_containers_run_at_once()
    {
        using TestEngine test = TestEngine.WithRuntime();
        string rootFs = test.MakeRootFs();
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 10 }, index =>
        {
            ContainerRecord made = test.Make(new()
            {
                RootFsPath = rootFs, Command = "/bin/sh", ArgumentList = ["-c", $"echo {index}; exit {index}"],
            });
            test.Containers.Start(made.Id, Cancellation);
            Assert.Equal(index, test.Containers.Wait(made.Id, Cancellation).ExitCode);
            Assert.Equal($"{index}", Assert.Single(test.Containers.ReadLog(made.Id, null, Cancellation)).Line);
            if (index % 2 == 0) test.Containers.Remove(made.Id, cancellation: Cancellation);
        });

        Assert.Equal(10, test.Containers.List().Count(record => record.State == ContainerState.Exited));
    }

    [Fact]
    public void Of_parallel_starts_one_starts()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "echo once; sleep 100"));
        int?[] pids = new int?[16];

        Parallel.For(0, pids.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, index =>
            pids[index] = ContainerEngine.Open(test.Options).Containers.Start(made.Id, Cancellation).Pid);

        Assert.NotNull(Assert.Single(pids.Distinct()));
        Assert.Single(test.Containers.ReadLog(made.Id, null, Cancellation));
    }

    [Fact]
    public void A_monitor_that_is_killed_takes_its_container_along()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "sleep 1000"));
        ContainerRecord started = test.Containers.Start(made.Id, Cancellation);
        int child = Assert.Single(test.Containers.GetProcesses(made.Id)).HostId;
        string state = File.ReadAllText($"{test.Options.RunRoot}/containers/{made.Id}/state.json");
        int monitor = MonitorDocument.ReadState(
            System.Text.Encoding.UTF8.GetBytes(state)).MonitorPid;
        using (Process process = Process.GetProcessById(monitor))
        {
            process.Kill();
        }

        ContainerRecord found = WaitUntil(
            () => Assert.Single(test.Containers.List()), record => record.State == ContainerState.Exited);
        Assert.Contains("killed", found.Error!, StringComparison.Ordinal);
        Assert.True(IsGone(child));
        AssertNothingLeft(made.Id);

        // It is a container like any other afterwards.
        Assert.Equal(ContainerState.Running, test.Containers.Start(made.Id, Cancellation).State);
        Assert.NotEqual(started.Pid, test.Containers.Resolve(made.Id).Pid);
    }

    [Fact]
    public void The_plan_is_printed_and_nothing_is_started()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "true"));

        string plan = test.Containers.DescribePlan(made.Id, Cancellation);

        Assert.Contains("/proc", plan, StringComparison.Ordinal);
        Assert.Contains("exec", plan, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Created, test.Containers.Resolve(made.Id).State);
    }

    [Fact]
    public void Processes_have_the_ids_of_inside_and_outside()
    {
        using TestEngine test = TestEngine.WithRuntime();
        ContainerRecord made = test.Make(Shell(test, "rootfs", "sleep 1000 & echo ready; wait") with { User = "web" });
        test.Containers.Start(made.Id, Cancellation);
        WaitForLog(test, made.Id, "ready", 1);

        // The shell's child is the shell until it becomes sleep.
        IReadOnlyList<ContainerProcessRecord> processes = WaitUntil(
            () => test.Containers.GetProcesses(made.Id), all => all.Count == 2 && all[1].CommandLine is ["sleep", ..]);
        Assert.Equal((1, 1000L), (processes[0].Id, processes[0].UserId));
        Assert.Equal(TestUser.HostId(made, 1000), processes[0].HostUserId);
        Assert.Equal(test.Containers.Resolve(made.Id).Pid, processes[0].HostId);
        Assert.Equal(["sleep", "1000"], processes[1].CommandLine);
        Assert.Equal(processes[0].HostId, processes[1].ParentHostId);
        Assert.InRange(
            processes[1].StartedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(2));
    }

    internal static ContainerConfiguration Shell(TestEngine test, string image, string script) => image == "host"
        ? new() { Image = HostImage.Name, Command = "/bin/sh", ArgumentList = ["-c", script] }
        : new() { RootFsPath = test.MakeRootFs(), Command = "/bin/sh", ArgumentList = ["-c", script] };

    internal static void WaitForLog(TestEngine test, string id, string line, int times) => Poll.Until(
        () => test.Containers.ReadLog(id, null, Cancellation).Count(entry => entry.Line == line) >= times,
        $"'{line}' is not in the log");

    private static T WaitUntil<T>(Func<T> read, Func<T, bool> isRight)
    {
        T value = read();
        Poll.Until(() => isRight(value = read()), $"it goes on to be {value}");
        return value;
    }

    private static bool IsGone(int pid)
    {
        string path = $"/proc/{pid}/stat";
        return !File.Exists(path) || File.ReadAllText(path).Contains(") Z ", StringComparison.Ordinal);
    }

    private static void AssertNothingLeft(string id)
    {
        Assert.DoesNotContain(id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
        {
            Assert.False(Directory.Exists($"{hierarchy}/pscontainer/{id}"));
        }
    }
}
