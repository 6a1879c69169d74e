using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Waiting;

/// <summary>Looks at containers again and again until one of them meets all its conditions.</summary>
internal sealed class ConditionWait(ContainerCmdlet cmdlet, WaitRequest request, int timeoutSec, int pollMilliseconds)
{
    /// <summary>
    /// The id of the container that is so, or null: then the reason has been written as an error.
    /// </summary>
    public string? Run(IReadOnlyCollection<ContainerRecord> containers)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<PendingWait> pending =
            [.. containers.Select(container => new PendingWait(container, request.Conditions()))];
        try
        {
            while (pending.Count > 0)
            {
                if (pending.Find(wait => wait.Look(cmdlet.Engine, cmdlet.StopToken)) is { } met) return met.Container.Id;
                foreach (PendingWait wait in pending.FindAll(wait => wait.IsHopeless))
                {
                    string name = wait.Container.Name;
                    cmdlet.WriteError(ErrorId.ContainerNotRunning, Messages.NeverMet(name, wait.Description), name);
                    pending.Remove(wait);
                    wait.Dispose();
                }

                if (timeoutSec > 0 && watch.Elapsed.TotalSeconds >= timeoutSec)
                {
                    foreach (PendingWait wait in pending) WriteTimeout(wait.Container, wait.Description);
                    return null;
                }

                cmdlet.StopToken.WaitHandle.WaitOne(pollMilliseconds);
                cmdlet.StopToken.ThrowIfCancellationRequested();
            }

            return null;
        }
        finally
        {
            foreach (PendingWait wait in pending) wait.Dispose();
        }
    }

    /// <summary>Reports that the time was up.</summary>
    public void WriteTimeout(ContainerRecord container, string what) => cmdlet.WriteError(
        ErrorId.WaitTimeout, Messages.WaitTimedOut(container.Name, what, timeoutSec), container.Name);
}
