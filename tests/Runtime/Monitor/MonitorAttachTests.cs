using Container.Native.Monitor;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorAttachTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void A_client_of_the_start_is_connected_to_all_three_streams()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "cat; echo err >&2");
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        output.TakeWrite().Dispose();
        error.TakeWrite().Dispose();
        using (FileDescriptor write = input.TakeWrite())
        {
            FileCalls.WriteAll(write.Number, "to the container\n"u8, "input");
        }

        Assert.Equal("to the container\n", TestPipe.ReadToEnd(output.Read));
        Assert.Equal("err\n", TestPipe.ReadToEnd(error.Read));
        Assert.Equal("exited", container.Client.Receive().Type);
        Assert.Equal(["stderr F err", "stdout F to the container"], container.Records.Order());
    }

    [Fact]
    public void Two_hundred_megabytes_reach_a_slow_client_in_bounded_memory()
    {
        const long Size = 200L << 20;
        using TestContainer container = new(
            busyBox, "sh", "-c", $"yes 0123456789abcde | head -c {Size}; echo end >&2");
        container.Request = container.Request with { LogMaxBytes = 1 << 20, LogMaxFiles = 2 };
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        output.TakeWrite().Dispose();

        // Nothing is read for a while: the container has to wait, the monitor must not take it all.
        Thread.Sleep(500);
        Assert.Equal("running", container.State.Status);
        long total = 0;
        long peak = 0;
        byte[] buffer = new byte[1 << 16];
        int count;
        while ((count = TestPipe.ReadSome(output.Read, buffer)) > 0)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] != "0123456789abcde\n"[(int)((total + i) % 16)]) Assert.Fail($"wrong byte at {total + i}");
            }

            if (total >> 24 != (total + count) >> 24) peak = Math.Max(peak, container.MonitorKilobytes("RssAnon"));
            total += count;
        }

        Assert.Equal(Size, total);
        Assert.InRange(peak, 1, 4_000);
        Assert.Equal(("exited", 0), (container.Client.Receive().Type, container.State.ExitCode));
    }

    [Fact]
    public void A_container_that_never_reads_its_input_costs_no_memory()
    {
        using TestContainer container = new(busyBox, "sleep", "100");
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        input.TakeRead().Dispose();
        PipeWriter writer = new(input.TakeWrite());
        long taken = writer.Fill();
        Assert.InRange(taken, 65536, 1 << 20);
        Assert.InRange(container.MonitorKilobytes("RssAnon"), 1, 4_000);
        container.Kill();
        Assert.Equal("exited", container.Client.Receive().Type);
    }

    [Fact]
    public void A_client_that_is_late_sees_what_follows()
    {
        using TestContainer container = new(
            busyBox, "sh", "-c", "echo before; while read line; do echo \"got $line\"; done");
        container.Request = container.Request with { OpenStdin = true };
        container.Start();
        WaitForRecord(container, "stdout F before");
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        using TestClient client = container.Connect();
        client.Send(
            new MonitorMessage { Type = "attach", Stdin = true },
            input.Read.Number, output.Write.Number, error.Write.Number);
        Assert.Equal("ok", client.Receive().Type);
        client.Send(new MonitorMessage { Type = "wait" });
        FileCalls.WriteAll(input.Write.Number, "one\n"u8, "input");
        Assert.Equal("got one\n", TestPipe.ReadUntil(output.Read, "\n"));

        // Its end of input is not the container's, which was made to keep it open.
        input.TakeWrite().Dispose();
        Thread.Sleep(200);
        Assert.Equal("running", container.State.Status);
        container.Kill();
        Assert.Equal("exited", client.Receive().Type);
    }

    [Fact]
    public void A_late_client_that_does_not_read_is_dropped_and_blocks_nobody()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "read go; yes | head -c 20000000; exit 6");
        container.Request = container.Request with { OpenStdin = true };
        container.Start();
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        using TestClient client = container.Connect();
        client.Send(
            new MonitorMessage { Type = "attach" }, input.Read.Number, output.Write.Number, error.Write.Number);
        Assert.Equal("ok", client.Receive().Type);
        using TestClient waiting = container.Connect();
        waiting.Send(new MonitorMessage { Type = "wait" });
        FileCalls.WriteAll(input.Write.Number, "\n"u8, "input");
        Assert.Equal(6, waiting.Receive().ExitCode);
    }

    [Fact]
    public void A_client_that_goes_away_leaves_the_container_running()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "sleep 0.5; seq 1 50000; exit 2");
        TestPipe input = new();
        TestPipe output = new();
        TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        container.Client.Dispose();
        input.Dispose();
        output.Dispose();
        error.Dispose();
        Assert.Equal(2, container.Wait().ExitCode);
        Assert.Contains("stdout F 50000", container.Records);
    }

    [Fact]
    public void A_client_that_reads_late_loses_nothing_although_the_container_has_ended()
    {
        const int Size = 100_000;
        using TestContainer container = new(busyBox, "sh", "-c", $"head -c {Size} /dev/zero; exit 9");
        using TestPipe input = new();
        using TestPipe output = new();
        using TestPipe error = new();
        container.Start(input.Read.Number, output.Write.Number, error.Write.Number);
        output.TakeWrite().Dispose();
        Poll.Until(() => container.State.Status == "exited", "it has not ended");
        Assert.Equal(9, container.State.ExitCode);
        Assert.False(container.Client.HasMessage(100));
        Assert.Equal(Size, TestPipe.ReadToEnd(output.Read).Length);
        Assert.Equal(9, container.Client.Receive().ExitCode);
        container.WaitForMonitor();
    }

    [Fact]
    public void Input_ends_at_once_where_there_is_none()
    {
        using TestContainer container = new(busyBox, "cat");
        container.Start();
        Assert.Equal(0, container.Wait().ExitCode);
    }

    private static void WaitForRecord(TestContainer container, string record) =>
        Poll.Until(() => container.Records.Contains(record), $"'{record}' is not in the log");
}
