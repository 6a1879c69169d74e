using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Monitor;
using Container.Engine.Tests.Containers;
using Container.Native.Monitor;
using Container.Native.Processes;
using Xunit;

namespace Container.Engine.Tests.Catalog;

/// <summary>
/// States as monitors leave them, written by hand: what no test can produce by running, such as a reboot.
/// </summary>
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
        ContainerRecord made = Make(test, Running() with { MonitorPid = pid, Pid = pid });

        ContainerRecord found = Assert.Single(test.Containers.List());
        Assert.Equal((ContainerState.Exited, 137), (found.State, found.ExitCode));
        Assert.Contains("killed", found.Error!, StringComparison.Ordinal);
        Assert.NotNull(found.FinishedAt);
        Assert.Equal("exited", MonitorDocument.ReadState(File.ReadAllBytes(StatePath(test, made))).Status);
    }

    [Fact]
    public void A_pid_that_is_used_again_is_another_process()
    {
        using TestEngine test = new();
        Make(test, Running() with { MonitorStartTime = 1, PidStartTime = 1 });

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
        Assert.Equal(
            ContainerState.Created, test.Containers.Stop(id, null, TestContext.Current.CancellationToken).State);
        Assert.Empty(test.Containers.ReadLog(id, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_runtime_that_is_missing_is_named()
    {
        using TestEngine test = new();
        ContainerEngine engine = ContainerEngine.Open(test.Options with { RuntimePath = "/nonexistent/psrun" });
        string id = engine.Containers.Create(
            new() { Image = HostImage.Name }, TestContext.Current.CancellationToken).Id;

        EngineException failure = Assert.Throws<EngineException>(() =>
            engine.Containers.Start(id, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorId.RuntimeUnavailable, failure.Id);
        Assert.Contains("/nonexistent/psrun", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Created, engine.Containers.Resolve(id).State);
    }

    // This process stands for the monitor: it runs.
    internal static MonitorState Running()
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

    internal static ContainerRecord Make(TestEngine test, MonitorState state)
    {
        ContainerRecord made = test.Containers.Create(new() { Image = HostImage.Name });
        Directory.CreateDirectory(Path.GetDirectoryName(StatePath(test, made))!);
        File.WriteAllBytes(StatePath(test, made), MonitorDocument.Write(state));
        return made;
    }

    private static void Forget(TestEngine test, ContainerRecord made) => File.Delete(StatePath(test, made));

    internal static string StatePath(TestEngine test, ContainerRecord made) =>
        $"{test.Options.RunRoot}/containers/{made.Id}/state.json";

    private static void AssertNotRunning(Action action) =>
        Assert.Equal(ErrorId.ContainerNotRunning, Assert.Throws<EngineException>(action).Id);
}
