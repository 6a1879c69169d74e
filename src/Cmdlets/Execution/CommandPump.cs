using System.Threading.Channels;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Moves bytes between a command's three streams and the one thread that may touch the pipeline. Each stream has a
/// thread of its own; between it and the pipeline stands a short queue, so memory is bounded whatever the command
/// writes, and whoever reads slowly slows the command down. While input waits for a command that first wants its output
/// read, the output is emitted: neither side can block the other for good.
/// </summary>
internal sealed class CommandPump
{
    private const int BlockSize = 64 * 1024;
    private const int QueueLength = 16;

    private readonly Channel<OutputBatch> _output = Channel.CreateBounded<OutputBatch>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly Channel<ReadOnlyMemory<byte>> _input = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });

    private readonly Action<OutputBatch> _emit;
    private readonly CancellationToken _token;

    public CommandPump(
        Stream? input, Stream? output, Stream? error, bool raw, Action<OutputBatch> emit, CancellationToken token)
    {
        _emit = emit;
        _token = token;
        List<Task> readers = [];
        if (output is not null) readers.Add(OnThread(() => Read(output, isError: false, raw)));
        if (error is not null) readers.Add(OnThread(() => Read(error, isError: true, raw: false)));
        _ = Task.WhenAll(readers).ContinueWith(
            _ => _output.Writer.TryComplete(),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (input is null) _input.Writer.TryComplete();
        else _ = OnThread(() => Write(input));
    }

    /// <summary>Queues input; emits output for as long as the queue is full.</summary>
    public void Send(ReadOnlyMemory<byte> block)
    {
        while (!_input.Writer.TryWrite(block))
        {
            Task<bool> room = _input.Writer.WaitToWriteAsync(_token).AsTask();
            while (!room.IsCompleted)
            {
                Wait(Task.WhenAny(room, _output.Reader.WaitToReadAsync(_token).AsTask()));
                EmitAvailable();
                if (_output.Reader.Completion.IsCompleted) Wait(room);
            }

            // The command has closed its end, as head does: what it did not want is dropped.
            if (!Result(room)) return;
        }

        EmitAvailable();
    }

    /// <summary>Emits what has arrived, without waiting.</summary>
    public void EmitAvailable()
    {
        while (_output.Reader.TryRead(out OutputBatch batch)) _emit(batch);
    }

    /// <summary>Ends the input and emits output until both streams have ended.</summary>
    public void Finish()
    {
        _input.Writer.TryComplete();
        while (Result(_output.Reader.WaitToReadAsync(_token).AsTask())) EmitAvailable();
    }

    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static bool Result(Task<bool> task) => task.GetAwaiter().GetResult();

    private void Read(Stream stream, bool isError, bool raw)
    {
        LineDecoder decoder = new();
        byte[] buffer = new byte[BlockSize];
        try
        {
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                if (raw)
                {
                    Pass(new OutputBatch(isError, null, buffer.AsSpan(0, count).ToArray()));
                    continue;
                }

                List<string> lines = [];
                decoder.Decode(buffer.AsSpan(0, count), lines);
                if (lines.Count > 0) Pass(new OutputBatch(isError, lines, null));
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The command was stopped; what it wrote until then has been passed on.
        }

        List<string> last = [];
        decoder.Complete(last);
        if (last.Count > 0 && !_token.IsCancellationRequested) Pass(new OutputBatch(isError, last, null));
    }

    private void Pass(OutputBatch batch)
    {
        while (!_output.Writer.TryWrite(batch))
        {
            if (!Result(_output.Writer.WaitToWriteAsync(_token).AsTask())) return;
        }
    }

    private void Write(Stream stream)
    {
        try
        {
            using (stream)
            {
                while (Result(_input.Reader.WaitToReadAsync(_token).AsTask()))
                {
                    while (_input.Reader.TryRead(out ReadOnlyMemory<byte> block)) stream.Write(block.Span);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // EPIPE: the command reads no more.
        }
        finally
        {
            _input.Writer.TryComplete();
        }
    }
}
