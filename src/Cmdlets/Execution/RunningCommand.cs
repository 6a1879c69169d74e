using System.Diagnostics;
using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Views;
using Container.Engine.Errors;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Execution;

/// <summary>
/// One command in a container, from its first line of input to its exit code: output goes to the sink as it comes, or
/// into a result object. Disposing of it ends the command where it still runs.
/// </summary>
internal sealed class RunningCommand : IDisposable
{
    private const int Killed = 9;
    private const int KilledExitCode = 128 + Killed;

    private readonly CommandOptions _options;
    private readonly ExecSession _session;
    private readonly IObjectSink _sink;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _stop;
    private readonly CommandPump _pump;
    private readonly InputEncoder _input;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<object> _lines = [];
    private readonly List<string> _errorLines = [];
    private readonly MemoryStream _bytes = new();
    private readonly CancellationTokenRegistration _killing;
    private bool _disposed;

    private string Container => _options.Container.Name;

    public RunningCommand(CommandOptions options, ExecSession session, IObjectSink sink, CancellationToken stop)
    {
        _options = options;
        _session = session;
        _sink = sink;
        _stop = stop;
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.TimeoutSec > 0) _end.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSec));

        // On time, whatever the pipeline waits for meanwhile.
        _killing = _end.Token.Register(session.Dispose);
        _pump = new CommandPump(
            options.HasInput ? session.Stdin : null, session.Stdout, session.Stderr, options.Raw, Emit, _end.Token);
        _input = new InputEncoder(_pump.Send);
    }

    /// <summary>Whether the command was ended before its input: by its time limit, or as it cannot have that.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Sends one object to standard input. What cannot be sent ends the command: half of its input is not what
    /// it was meant to work on.</summary>
    public void Send(object? value)
    {
        try
        {
            Observe(() =>
            {
                if (_options.IsScript) _pump.Send(ScriptLink.Encode(value));
                else _input.Write(value);
            });
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            CutShort();
            throw;
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public void Send(ReadOnlyMemory<byte> block) => Observe(() => _pump.Send(block));

    /// <summary>Ends the input, passes on the rest of the output, and reports how the command ended.</summary>
    public void Complete()
    {
        ContainerExit? exit = null;
        bool inTime = Observe(() =>
        {
            _input.Flush();
            _pump.Finish();
            exit = _session.WaitAsync(_end.Token).GetAwaiter().GetResult();
        });
        if (!inTime || exit is null) return;
        Report(exit);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _killing.Dispose();
        _end.Cancel();
        _session.Dispose();
        _bytes.Dispose();
        _options.Cleanup?.Invoke(_options.Container.Id);
    }

    /// <summary>False when the time was up, which is reported here, once.</summary>
    private bool Observe(Action action)
    {
        if (IsCutShort) return false;
        try
        {
            action();
            return true;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            string message = Messages.CommandTimedOut(_options.CommandText, Container, _options.TimeoutSec);
            CutShort();
            WriteError(ErrorId.WaitTimeout, message);
            ContainerExit killed = new(KilledExitCode, Killed, OutOfMemory: false);
            if (_options.PassThru) _sink.Output(Result(killed, timedOut: true));
            return false;
        }
    }

    private void CutShort()
    {
        IsCutShort = true;
        _session.Dispose();
        _sink.ExitCode(KilledExitCode);
    }

    private void Emit(OutputBatch batch)
    {
        if (batch.IsError) EmitError(batch.Lines!);
        else if (batch.Block is { } block) EmitBlock(block);
        else EmitLines(batch.Lines!);
    }

    private void EmitLines(List<string> lines)
    {
        foreach (string line in lines)
        {
            if (_options.IsScript) EmitScript(line);
            else EmitObject(line);
        }
    }

    private void EmitObject(object value)
    {
        if (_options.PassThru) _lines.Add(value);
        else _sink.Output(value);
    }

    private void EmitScript(string line)
    {
        (ScriptStream stream, object? value) = ScriptLink.Decode(line, _options.Container);
        if (value is null) return;
        if (stream == ScriptStream.Output) EmitObject(value);
        else if (value is not ErrorRecord record) _sink.Message(stream, VisibleText.OfMessage(LanguagePrimitives.ConvertTo<string>(value)));
        else if (_options.PassThru) _errorLines.Add(record.ToString());
        else _sink.Error(record);
    }

    private void EmitBlock(byte[] block)
    {
        if (_options.PassThru) _bytes.Write(block);
        else _sink.Output(block);
    }

    private void EmitError(List<string> lines)
    {
        if (_options.PassThru)
        {
            _errorLines.AddRange(lines);
            return;
        }

        foreach (string line in lines)
        {
            _sink.StandardError(new ErrorRecord(
                new RemoteException(line), ErrorTable.CommandErrorOutput, ErrorCategory.FromStdErr, Container));
        }
    }

    private void Report(ContainerExit exit)
    {
        _sink.ExitCode(exit.ExitCode);
        if (_options.PassThru)
        {
            _sink.Output(Result(exit, timedOut: false));
            return;
        }

        if (exit.OutOfMemory)
        {
            WriteError(ErrorId.OutOfMemory, Messages.OutOfMemory(Container));
        }
        else if (exit.ExitCode != 0)
        {
            string message = Messages.CommandFailed(_options.CommandText, Container, exit.ExitCode);
            WriteError(ErrorId.CommandFailed, message, _options.Advise?.Invoke());
        }
    }

    private ContainerCommandResult Result(ContainerExit exit, bool timedOut) => new()
    {
        ExitCode = exit.ExitCode,
        Output = [.. _lines],
        OutputBytes = _options.Raw ? _bytes.ToArray() : null,
        ErrorOutput = [.. _errorLines],
        Duration = _watch.Elapsed,
        TimedOut = timedOut,
        OutOfMemory = exit.OutOfMemory,
        Command = _options.CommandText,
        Container = Container,
        ContainerId = _options.Container.Id,
    };

    private void WriteError(string id, string message, string? action = null) => _sink.Error(ErrorTable.Record(
        new EngineException(id, message, action, Container), Container));
}
