using System.Management.Automation;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>
/// A change that waits for containers to end. Those of one call are waited for side by side, so that twenty that ignore
/// the signal take as long as one.
/// </summary>
public abstract class ContainerStopWork : ContainerTargetCommand
{
    private ParallelWork<ContainerRecord>? _work;

    /// <summary>Seconds until it is killed; the container's own where absent, 10 by default.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int? TimeoutSec { get; set; }

    /// <summary>Kill it at once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the containers as they are after it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _work = new ParallelWork<ContainerRecord>(StopToken);

    /// <inheritdoc/>
    protected override void EndProcessing() => Report(_work!.All());

    /// <summary>Does it for one container, on another thread.</summary>
    private protected void Begin(Func<ContainerRecord> work)
    {
        _work!.Add(work);
        Report(_work.IsFull ? _work.All() : _work.Finished());
    }

    /// <summary>What remains to be done for one container, on the pipeline's thread; null where that failed.</summary>
    private protected virtual ContainerRecord? Finish(ContainerRecord done) => done;

    private void Report(IEnumerable<Task<ContainerRecord>> tasks) => Attempt(null, () =>
    {
        foreach (Task<ContainerRecord> task in tasks)
        {
            ContainerRecord? done = Attempt(null, task.GetAwaiter().GetResult);
            if (done is not null) done = Attempt(done.Name, () => Finish(done));
            if (PassThru && done is not null) WriteObject(ContainerInfo.From(done));
        }
    });
}
