using System.Diagnostics;
using Container.Engine.Containers;
using Container.Engine.Images;
using Container.Native.Oci;
using Container.Native.Processes;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>States as monitors leave them, written by hand: what no test can produce by running, such as a reboot.</summary>
public sealed class ContainerStatusTests
{
    [Fact]
    public void A_running_container_is_one_whose_monitor_runs()
    {
        using TestEngine test = new();
        ContainerRecord made = Make(test, Running());

        ContainerRecord found = test.Containers.Resolve(made.Id);
        Assert.Equal((ContainerState.Running, Environment.ProcessId), (found.State, found.Pid));
        Forget(test, made);
    }

    [Fact]
    public void A_monitor_that_was_killed_is_noticed_and_recorded()
    {
        using TestEngine test = new();
        using Process dead = Process.Start("/bin/true");
        int pid = dead.Id;
        dead.WaitForExit();
        ContainerRecord made = Make(test, Running() with { MonitorPid = pid });

        ContainerRecord found = Assert.Single(test.Containers.List());
        Assert.Equal((ContainerState.Exited, 137), (found.State, found.ExitCode));
        Assert.Contains("killed", found.Error!, StringComparison.Ordinal);
        Assert.NotNull(found.FinishedAt);
        Assert.Equal("exited", OciDocument.ReadMonitorState(File.ReadAllBytes(StatePath(test, made))).Status);
    }

    [Fact]
    public void A_pid_that_is_used_again_is_another_process()
    {
        using TestEngine test = new();
        Make(test, Running() with { MonitorStartTime = 1 });

        Assert.Equal(ContainerState.Exited, Assert.Single(test.Containers.List()).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_reboot_nothing_runs(bool runRootIsLost)
    {
        using TestEngine test = new();
        ContainerRecord made = Make(test, Running() with { BootId = "00000000-0000-0000-0000-000000000000" });
        if (runRootIsLost)
        {
            File.Move(StatePath(test, made), $"{test.Options.StateRoot}/containers/{made.Id}/state.json");
            Directory.Delete(test.Options.RunRoot!, recursive: true);
        }

        ContainerRecord found = Assert.Single(test.Containers.List());
        Assert.Equal((ContainerState.Exited, 255), (found.State, found.ExitCode));
        Assert.Contains("restarted", found.Error!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_state_is_no_state()
    {
        using TestEngine test = new();
        ContainerRecord made = Make(test, Running());
        File.WriteAllText(StatePath(test, made), "{\"status\":\"run");

        Assert.Equal(ContainerState.Created, test.Containers.Resolve(made.Id).State);
    }

    [Fact]
    public void What_needs_a_container_that_runs_says_so()
    {
        using TestEngine test = new();
        string id = test.Containers.Create(new() { Image = HostImage.Name }, TestContext.Current.CancellationToken).Id;

        AssertNotRunning(() => test.Containers.Kill(id, "TERM"));
        AssertNotRunning(() => test.Containers.Exec(id, new ExecOptions { Command = ["true"] }));
        AssertNotRunning(() => test.Containers.GetProcesses(id));
        AssertNotRunning(() => test.Containers.Attach(id));
        Assert.Equal(ContainerState.Created, test.Containers.Stop(id, null, TestContext.Current.CancellationToken).State);
        Assert.Empty(test.Containers.ReadLog(id, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_runtime_that_is_missing_is_named()
    {
        using TestEngine test = new();
        ContainerEngine engine = ContainerEngine.Open(test.Options with { RuntimePath = "/nonexistent/psrun" });
        string id = engine.Containers.Create(new() { Image = HostImage.Name }, TestContext.Current.CancellationToken).Id;

        EngineException failure = Assert.Throws<EngineException>(() =>
            engine.Containers.Start(id, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorId.RuntimeUnavailable, failure.Id);
        Assert.Contains("/nonexistent/psrun", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Created, engine.Containers.Resolve(id).State);
    }

    [Fact]
    public void A_thousand_containers_are_listed_in_a_tenth_of_a_second()
    {
        using TestEngine test = new();
        ContainerRecord model = Make(test, Running());
        string containers = $"{test.Options.StateRoot}/containers";
        string document = File.ReadAllText($"{containers}/{model.Id}/container.json");
        byte[] state = File.ReadAllBytes(StatePath(test, model));
        for (int index = 1; index < 1000; index++)
        {
            string id = model.Id[..60] + index.ToString("x4", System.Globalization.CultureInfo.InvariantCulture);
            if (id == model.Id) continue;
            Directory.CreateDirectory($"{containers}/{id}");
            Directory.CreateDirectory($"{test.Options.RunRoot}/containers/{id}");
            File.WriteAllText($"{containers}/{id}/container.json", document.Replace(model.Id, id, StringComparison.Ordinal));
            File.WriteAllBytes($"{test.Options.RunRoot}/containers/{id}/state.json", state);
        }

        test.Containers.List();
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(1000, test.Containers.List().Count);
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            if (taken < best) best = taken;
        }

        TestContext.Current.SendDiagnosticMessage($"1000 containers listed in {best.TotalMilliseconds:0.0} ms");
        Directory.Delete(containers, recursive: true);
        Assert.InRange(best.TotalMilliseconds, 0, 100);
    }

    // This process stands for the monitor: it runs.
    private static MonitorState Running()
    {
        ProcessIdentity self = ProcessIdentity.TryRead(Environment.ProcessId)!.Value;
        return new MonitorState
        {
            Status = "running",
            Pid = self.Pid,
            PidStartTime = self.StartTime,
            MonitorPid = self.Pid,
            MonitorStartTime = self.StartTime,
            BootId = HostBoot.Id,
            StartedAt = DateTimeOffset.UtcNow,
        };
    }

    private static ContainerRecord Make(TestEngine test, MonitorState state)
    {
        ContainerRecord made = test.Containers.Create(new() { Image = HostImage.Name });
        Directory.CreateDirectory(Path.GetDirectoryName(StatePath(test, made))!);
        File.WriteAllBytes(StatePath(test, made), OciDocument.Write(state));
        return made;
    }

    private static void Forget(TestEngine test, ContainerRecord made) => File.Delete(StatePath(test, made));

    private static string StatePath(TestEngine test, ContainerRecord made) =>
        $"{test.Options.RunRoot}/containers/{made.Id}/state.json";

    private static void AssertNotRunning(Action action) =>
        Assert.Equal(ErrorId.ContainerNotRunning, Assert.Throws<EngineException>(action).Id);
}
