using System.Text;
using Container.Native.Monitor;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>One check of the container's health: a further process, the beginning of what it writes, a time limit.</summary>
internal sealed class HealthProbe : PollSource, IExecClient
{
    /// <summary>The exit code of a check that took too long or could not be run.</summary>
    public const int Failed = -1;

    private const int OutputLimit = 4096;

    private readonly FileDescriptor source;
    private readonly TransferBuffer buffer;
    private readonly Action<int, string> ended;
    private readonly MemoryStream output = new();
    private ExecSession? session;
    private OneShotTimer? limit;
    private bool isLate;

    private HealthProbe(FileDescriptor source, TransferBuffer buffer, Action<int, string> ended)
    {
        this.source = source;
        this.buffer = buffer;
        this.ended = ended;
    }

    public override int Descriptor => source.IsClosed ? -1 : source.Number;

    public override short Events => Polling.POLLIN;

    /// <summary>Starts a check.</summary>
    /// <param name="loop">Waits for it.</param>
    /// <param name="milliseconds">How long it may take.</param>
    /// <param name="launch">Starts the process with these standard streams.</param>
    /// <param name="ended">Takes its exit code and output.</param>
    public static HealthProbe Start(
        MonitorLoop loop,
        long milliseconds,
        Func<IExecClient, int[], ExecSession> launch,
        Action<int, string> ended)
    {
        using FileDescriptor none = FileCalls.Open("/dev/null", FileCalls.O_RDWR);
        (FileDescriptor read, FileDescriptor write) = PipeStream.CreatePipe();
        HealthProbe probe = new(StreamDescriptor.SetNonBlocking(read), loop.Buffer, ended);
        using (write)
        {
            try
            {
                probe.session = launch(probe, [none.Number, write.Number, write.Number]);
            }
            catch
            {
                probe.Dispose();
                throw;
            }
        }

        loop.Add(probe);
        probe.limit = new OneShotTimer(milliseconds, probe.EndLate);
        loop.Add(probe.limit);
        return probe;
    }

    public override void Ready(short events)
    {
        // At its end the stream is polled no more; the process tells by itself.
        if (Pump() == 0) source.Dispose();
    }

    public void Send(MonitorMessage message, params ReadOnlySpan<int> descriptors)
    {
        if (IsClosed || message.Type == MonitorMessageType.Started) return;
        while (!source.IsClosed && output.Length < OutputLimit && Pump() > 0)
        {
        }

        string text = message.Message ?? Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length).TrimEnd();
        int code = isLate || message.Type == MonitorMessageType.Error ? Failed : message.ExitCode ?? Failed;
        Dispose();
        ended(code, isLate ? "the check took too long" : text);
    }

    /// <summary>Ends it; nobody wants to know what it finds.</summary>
    public void Abandon()
    {
        Dispose();
        session?.LoseClient();
    }

    protected override void Close()
    {
        source.Dispose();
        limit?.Dispose();
        output.Dispose();
    }

    private void EndLate()
    {
        isLate = true;
        session?.LoseClient();
    }

    private int Pump()
    {
        int count = StreamDescriptor.Read(source, buffer.Input);
        int room = OutputLimit - (int)output.Length;
        if (count > 0 && room > 0) output.Write(buffer.Input[..Math.Min(count, room)]);
        return count;
    }
}
