using System.Diagnostics;
using Container.Native.Monitor;
using Container.Native.Processes;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorStartTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void A_container_runs_to_its_end_and_leaves_its_state_and_log()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "echo out; echo err >&2; sleep 0.2; exit 3");
        container.Start();
        MonitorState running = container.State;
        Assert.Equal("running", running.Status);
        Assert.Equal(container.Pid, running.Pid);
        Assert.Equal(HostBoot.Id, running.BootId);
        Assert.Equal(container.Monitor.Id, running.MonitorPid);
        Assert.True(new ProcessIdentity(running.MonitorPid, running.MonitorStartTime).IsRunning);
        Assert.True(new ProcessIdentity(running.Pid, running.PidStartTime).IsRunning);

        MonitorMessage end = container.Wait();
        Assert.Equal(("exited", 3, null, false), (end.Type, end.ExitCode, end.Signal, end.OutOfMemory));
        MonitorState exited = container.State;
        Assert.Equal(("exited", 3, null, false), (exited.Status, exited.ExitCode, exited.Signal, exited.OutOfMemory));
        Assert.True(exited.FinishedAt > exited.StartedAt);
        Assert.Equal(["stderr F err", "stdout F out"], container.Records.Order());
        container.WaitForMonitor();
        Assert.Equal(0, container.Monitor.ExitCode);
    }

    [Fact]
    public void Nothing_is_left_of_a_container_that_has_ended()
    {
        using TestContainer container = new(busyBox, "sleep", "0.3");
        container.Start();
        Assert.NotEmpty(container.FindCgroups());
        ProcessIdentity first = new(container.State.Pid, container.State.PidStartTime);
        container.Wait();
        Assert.Empty(container.FindCgroups());
        Assert.False(first.IsRunning);
        Assert.Equal(["monitor.json", "state.json"], Directory.GetFileSystemEntries(container.Directory).Select(Path.GetFileName).Order());
        Assert.DoesNotContain(container.Directory, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-command", "CommandNotFound")]
    [InlineData("/bin/none", "CommandNotFound")]
    [InlineData("/etc", "CommandNotExecutable")]
    public void A_command_that_cannot_run_is_an_error_that_says_why(string command, string id)
    {
        using TestContainer container = new(busyBox, command);
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", id), (answer.Type, answer.Id));
        Assert.Contains(command, answer.Message, StringComparison.Ordinal);
        container.WaitForMonitor();
        Assert.Equal("exited", container.State.Status);
        Assert.Null(container.State.StartedAt);
        Assert.Equal(id, container.State.Error?.Id);
        Assert.Empty(container.FindCgroups());
        Assert.False(File.Exists($"{container.Directory}/monitor.sock"));
    }

    [Fact]
    public void A_root_that_is_not_there_is_named()
    {
        using TestContainer container = new(busyBox, "true");
        container.Request = container.Request with { Rootfs = new MonitorRootfs { Lower = ["/none/at/all"] } };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", "SystemCallFailed", "/none/at/all", 2), (answer.Type, answer.Id, answer.Path, answer.Errno));
        container.WaitForMonitor();
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void A_request_without_a_root_is_refused()
    {
        using TestContainer container = new(busyBox, "true");
        container.Request = container.Request with { Rootfs = new MonitorRootfs() };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", "SpecInvalid"), (answer.Type, answer.Id));
    }

    [Fact]
    public void A_damaged_request_is_an_answer_to_start()
    {
        using TestContainer container = new(busyBox, "true");
        container.Request = container.Request with { Bundle = "/none" };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", "/none/config.json"), (answer.Type, answer.Path));
    }

    [Fact]
    public void A_directory_is_a_root_too()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "id -u; stat -c %u /bin/busybox");
        container.Request = container.Request with { Rootfs = new MonitorRootfs { Path = busyBox.Directory, IdMap = true } };
        container.Start();
        Assert.Equal(0, container.Wait().ExitCode);
        Assert.Equal(["stdout F 0", "stdout F 0"], container.Records);
    }

    [Fact]
    public void The_host_is_a_root_whose_files_belong_to_nobody()
    {
        using TestContainer container = new(
            busyBox, "/bin/sh", "-c", "stat -c %u /etc/passwd; cat /etc/shadow; touch /etc/new && stat -c %u /etc/new");
        container.Request = container.Request with
        {
            Rootfs = container.Request.Rootfs with { Lower = ["/"], IdMap = false, Host = true },
        };
        container.Start();
        container.Wait();
        Assert.Equal(["stdout F 65534"], container.Records.Where(line => line.StartsWith("stdout", StringComparison.Ordinal)));
        Assert.Contains("Permission denied", container.Log, StringComparison.Ordinal);
        Assert.False(File.Exists("/etc/new"));
    }

    [Fact]
    public void A_second_start_is_refused()
    {
        using TestContainer container = new(busyBox, "sleep", "10");
        container.Start();
        using TestClient other = container.Connect();
        other.Send(new MonitorMessage { Type = "start" });
        Assert.Equal("ContainerRunning", other.Receive().Id);
    }

    [Fact]
    public void The_plan_is_printed()
    {
        using TestContainer container = new(busyBox, "echo", "planned");
        container.Start();
        container.Wait();
        using Process psrun = Process.Start(new ProcessStartInfo(
            TestContainer.Runtime, ["monitor", "--directory", container.Directory, "--plan"]) { RedirectStandardOutput = true })!;
        string plan = psrun.StandardOutput.ReadToEnd();
        psrun.WaitForExit();
        Assert.Equal(0, psrun.ExitCode);
        Assert.Contains("pivot_root", plan, StringComparison.Ordinal);
        Assert.Contains("echo planned", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--directory", "/none/at/all")]
    [InlineData("--directory")]
    [InlineData("--other")]
    public void Wrong_arguments_end_it_with_one_line(params string[] arguments)
    {
        if (!File.Exists(TestContainer.Runtime)) Assert.Skip("needs the published psrun");
        using Process psrun = Process.Start(new ProcessStartInfo(
            TestContainer.Runtime, ["monitor", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.Empty(psrun.StandardOutput.ReadToEnd());
        Assert.Single(psrun.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        psrun.WaitForExit();
        Assert.NotEqual(0, psrun.ExitCode);
    }
}
