using System.Collections;
using System.Management.Automation;
using Container.Engine.Errors;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Runs one command for a cmdlet: in the pipeline, where input and output flow while it runs, or as a job, which gets
/// all of the input when the pipeline has ended.
/// </summary>
internal sealed class CommandInvoker(ContainerCmdlet cmdlet, bool asJob) : IDisposable
{
    private readonly List<object?> _collected = [];
    private Func<IObjectSink, CancellationToken, RunningCommand>? _open;
    private RunningCommand? _running;
    private string _location = "";

    /// <summary>Whether the command takes no more input, as it was killed.</summary>
    public bool IsCutShort => _running?.IsCutShort == true;

    /// <summary>Starts a command, or remembers how to.</summary>
    public void Start(string location, Func<IObjectSink, CancellationToken, RunningCommand> open)
    {
        _location = location;
        if (asJob) _open = open;
        else _running = Open(open);
    }

    /// <summary>Sends input; a collection given as a parameter is sent item by item, as a pipeline would.</summary>
    public void Send(object? value, bool enumerate)
    {
        object? bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (enumerate && bare is not byte[] && LanguagePrimitives.GetEnumerable(bare) is IEnumerable items)
        {
            foreach (object? item in items) Send(item);
        }
        else
        {
            Send(bare);
        }
    }

    /// <summary>Ends the input and the command; with -AsJob starts it and writes the job.</summary>
    public void Complete()
    {
        if (_open is { } open)
        {
            object?[] input = [.. _collected];
            ContainerJob job = new(cmdlet.MyInvocation.Line.Trim(), _location);
            cmdlet.JobRepository.Add(job);
            job.Start((sink, token) =>
            {
                using RunningCommand command = open(sink, token);
                foreach (object? item in input) command.Send(item);
                command.Complete();
            });
            cmdlet.WriteObject(job);
        }

        _running?.Complete();
        Dispose();
    }

    public void Dispose()
    {
        _running?.Dispose();
        _running = null;
        _open = null;
        _collected.Clear();
    }

    /// <summary>A command that cannot be run has the exit code a shell would give it, beside the error.</summary>
    private RunningCommand Open(Func<IObjectSink, CancellationToken, RunningCommand> open)
    {
        PipelineSink sink = new(cmdlet);
        try
        {
            return open(sink, cmdlet.StopToken);
        }
        catch (EngineException failure) when (failure.Id is ErrorId.CommandNotFound or ErrorId.CommandNotExecutable)
        {
            sink.ExitCode(failure.Id == ErrorId.CommandNotFound ? 127 : 126);
            throw;
        }
    }

    private void Send(object? value)
    {
        if (asJob) _collected.Add(value);
        else _running?.Send(value);
    }
}
