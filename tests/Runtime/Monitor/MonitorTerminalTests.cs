using Container.Native.Monitor;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorTerminalTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void The_client_of_the_start_has_the_terminal()
    {
        using TestContainer container = WithTerminal("tty; stty size; read line; echo \"<$line>\"; exit 3");
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start", Width = 90, Height = 33 });
        MonitorMessage answer = container.Client.Receive();
        Assert.True(answer.Type == "started", answer.Message);
        FileDescriptor stream = container.Client.Received!;
        Assert.Contains("/dev/pts/0", TestPipe.ReadUntil(stream, "33 90"), StringComparison.Ordinal);
        FileCalls.WriteAll(stream.Number, "word\n"u8, "terminal");
        TestPipe.ReadUntil(stream, "<word>");
        Assert.Equal(3, container.Client.Receive().ExitCode);
        Assert.Contains("stdout F <word>\r", container.Records);
    }

    [Fact]
    public void A_new_size_is_told_to_the_container()
    {
        using TestContainer container = WithTerminal("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start" });
        Assert.Equal("started", container.Client.Receive().Type);
        FileDescriptor stream = container.Client.Received!;
        TestPipe.ReadUntil(stream, "ready");
        using TestClient other = container.Connect();
        other.Request(new MonitorMessage { Type = "resize", Width = 123, Height = 45 });
        TestPipe.ReadUntil(stream, "45 123");
    }

    [Fact]
    public void Without_a_client_it_is_logged()
    {
        using TestContainer container = WithTerminal("echo detached; sleep 0.3; echo end");
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start" });
        Assert.Equal("started", container.Client.Receive().Type);
        container.Client.Dispose();
        Assert.Equal(0, container.Wait().ExitCode);
        Assert.Equal(["stdout F detached\r", "stdout F end\r"], container.Records);
    }

    [Fact]
    public void A_late_client_can_attach_and_leave()
    {
        using TestContainer container = WithTerminal("while read line; do echo \"<$line>\"; done");
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start" });
        Assert.Equal("started", container.Client.Receive().Type);
        container.Client.Dispose();
        foreach (string word in (string[])["one", "two"])
        {
            using TestClient client = container.Connect();
            client.Send(new MonitorMessage { Type = "attach", Stdin = true });
            Assert.Equal("ok", client.Receive().Type);
            FileCalls.WriteAll(client.Received!.Number, System.Text.Encoding.UTF8.GetBytes(word + "\n"), "terminal");
            TestPipe.ReadUntil(client.Received!, $"<{word}>");
        }

        Assert.Equal("running", container.State.Status);
    }

    [Fact]
    public void It_survives_that_nobody_has_it_open()
    {
        using TestContainer container = WithTerminal(
            "exec < /dev/null > /dev/null 2>&1; sleep 0.3; echo again > /dev/console; sleep 0.2");
        container.StartMonitor();
        container.Client.Send(new MonitorMessage { Type = "start" });
        Assert.Equal("started", container.Client.Receive().Type);
        Assert.Equal(0, container.Wait().ExitCode);
        Assert.Equal(["stdout F again\r"], container.Records);
    }

    private TestContainer WithTerminal(string script)
    {
        TestContainer container = new(busyBox, "sh", "-c", script);
        container.Spec = container.Spec with { Process = container.Spec.Process! with { Terminal = true } };
        return container;
    }
}
