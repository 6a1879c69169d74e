using System.Globalization;
using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Views;
using Container.Engine.Errors;

namespace Container.Cmdlets.Execution;

/// <summary>A cmdlet's work in the background: a job for Get-Job, Receive-Job, Wait-Job and Stop-Job.</summary>
internal sealed class ContainerJob : Job, IObjectSink
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _ended = new();
    private bool _hasFailed;

    public ContainerJob(string command, string location)
        : base(command)
    {
        Location = location;
        PSJobTypeName = nameof(ContainerJob);
    }

    /// <summary>The container or file it works on.</summary>
    public override string Location { get; }

    /// <inheritdoc/>
    public override string StatusMessage => ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"{JobStateInfo.State}, exit code {code}")
        : JobStateInfo.State.ToString();

    /// <summary>How the command ended, once it has.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0 || Progress.Count > 0;

    /// <summary>Runs the work on a thread of its own; its failure is the job's.</summary>
    public void Start(Action<IObjectSink, CancellationToken> work)
    {
        SetJobState(JobState.Running);
        Task.Factory.StartNew(
            () => Run(work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override void StopJob()
    {
        if (JobStateInfo.State != JobState.Running) return;
        SetJobState(JobState.Stopping);
        _stop.Cancel();
        _ended.Wait();
    }

    void IObjectSink.Output(object value) => Output.Add(PSObject.AsPSObject(value));

    // A script block's own errors are no failure of the job, as they are none of a session's.
    void IObjectSink.Error(ErrorRecord record)
    {
        if (record.Exception is EngineException) _hasFailed = true;
        Error.Add(record);
    }

    void IObjectSink.StandardError(ErrorRecord line) => Error.Add(line);

    void IObjectSink.Message(ScriptStream stream, string text)
    {
        if (stream == ScriptStream.Warning) Warning.Add(new WarningRecord(text));
        else if (stream == ScriptStream.Verbose) Verbose.Add(new VerboseRecord(text));
        else if (stream == ScriptStream.Debug) Debug.Add(new DebugRecord(text));
        else Information.Add(new InformationRecord(text, Location));
    }

    // $LASTEXITCODE belongs to the session that receives the output.
    void IObjectSink.ExitCode(int code) => ExitCode = code;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _stop.Dispose();
            _ended.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run(Action<IObjectSink, CancellationToken> work)
    {
        JobState state = JobState.Completed;
        try
        {
            using (EngineWarning.Hear(text => Warning.Add(new WarningRecord(VisibleText.OfMessage(text))))) work(this, _stop.Token);
            if (_hasFailed) state = JobState.Failed;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            state = JobState.Stopped;
        }
#pragma warning disable CA1031 // an exception that leaves a thread ends pwsh; here it becomes the job's failure
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Error.Add(ErrorTable.Record(failure, Location));
            state = JobState.Failed;
        }

        SetJobState(state);
        _ended.Set();
    }
}
