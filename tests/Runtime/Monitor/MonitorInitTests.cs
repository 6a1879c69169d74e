using Container.Native.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorInitTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void The_program_is_not_the_first_process()
    {
        using TestContainer container = Make("echo $$; readlink /proc/1/exe || echo hidden; ls /proc/1/fd | wc -l");
        container.Start();
        Assert.Equal(0, container.Wait().ExitCode);
        Assert.NotEqual("stdout F 1", container.Records[0]);
    }

    [Fact]
    public void Nothing_of_the_caller_is_in_it()
    {
        using TestContainer container = Make("sleep 1000");
        container.Start();
        Assert.Contains("PATH=", File.ReadAllText($"/proc/{container.State.MonitorPid}/environ"), StringComparison.Ordinal);
        foreach (string file in (string[])["cmdline", "environ"])
            Assert.Equal("", File.ReadAllText($"/proc/{container.State.Pid}/{file}").Trim('\0'));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 42", 42)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public void It_ends_as_the_program_does(string script, int exitCode)
    {
        using TestContainer container = Make(script);
        container.Start();
        Assert.Equal(exitCode, container.Wait().ExitCode);
    }

    [Theory]
    [InlineData(1, "HUP")]
    [InlineData(2, "INT")]
    [InlineData(10, "USR1")]
    [InlineData(15, "TERM")]
    public void Signals_reach_the_program(int signal, string name)
    {
        using TestContainer container = Make($"trap 'echo {name}; exit 5' {name}; echo ready; while :; do sleep 0.02; done");
        container.Start();
        Assert.Equal("stdout F ready", container.WaitForRecords(1)[0]);
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = signal });
        Assert.Equal(5, container.Wait().ExitCode);
        Assert.Equal($"stdout F {name}", container.Records[^1]);
    }

    [Fact]
    public void A_program_that_ignores_a_signal_goes_on_and_is_killed()
    {
        using TestContainer container = Make("trap '' TERM; echo ready; while :; do sleep 0.02; done");
        container.Start();
        container.WaitForRecords(1);
        container.Client.Request(new MonitorMessage { Type = "kill", Signal = 15 });
        Assert.Equal("running", container.State.Status);
        container.Kill();
        Assert.Equal(137, container.Wait().ExitCode);
    }

    [Fact]
    public void Orphans_that_end_are_reaped()
    {
        // As many as leave no doubt; a shell that is the first process itself would keep them.
        using TestContainer container = Make(
            "for i in 1 2 3 4 5 6 7 8; do (sleep 0 &); done; i=0;"
            + " while [ $i -lt 200 ] && grep -q 'State:.Z' /proc/[0-9]*/status 2>/dev/null;"
            + " do sleep 0.05; i=$((i+1)); done; [ $i -lt 200 ]");
        container.Start();
        Assert.Equal(0, container.Wait().ExitCode);
    }

    [Fact]
    public void Orphans_end_with_the_program()
    {
        using TestContainer container = Make("(sleep 4711 &); exit 3");
        container.Start();
        Assert.Equal(3, container.Wait().ExitCode);
        container.WaitForMonitor();
        Assert.Empty(container.FindCgroups());
    }

    [Fact]
    public void Further_processes_run_as_without_it()
    {
        using TestContainer container = Make("sleep 1000");
        container.Start();
        using TestExec exec = container.Execute("sh", "-c", "exit 6");
        Assert.Equal("started", exec.Answer.Type);
        Assert.Equal(6, exec.Client.Receive().ExitCode);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_of()
    {
        using TestContainer container = new(busyBox, "nosuch");
        container.Request = container.Request with { Init = true };
        MonitorMessage answer = container.TryStart();
        Assert.Equal(("error", 2), (answer.Type, answer.Errno));
        Assert.Contains("nosuch", answer.Message, StringComparison.Ordinal);
    }

    private TestContainer Make(string script)
    {
        TestContainer container = new(busyBox, "sh", "-c", script);
        container.Request = container.Request with { Init = true };
        return container;
    }
}
