using System.Threading.Channels;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Work that mostly waits, done for many objects at a time. Results come back to the thread that asks for them, the
/// only one that may write to the pipeline; an exception travels in its task and never escapes a thread.
/// </summary>
internal sealed class ParallelWork<T>(CancellationToken token)
{
    private const int AtOnce = 64;

    private readonly Channel<Task<T>> _done = Channel.CreateUnbounded<Task<T>>();
    private int _pending;

    /// <summary>Whether so much is under way that more should wait for a result.</summary>
    public bool IsFull => _pending >= AtOnce;

    /// <summary>Starts one piece of work.</summary>
    public void Add(Func<T> work)
    {
        _pending++;
        Task.Factory
            .StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ContinueWith(
                _done.Writer.TryWrite, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>What has been done already.</summary>
    public IEnumerable<Task<T>> Finished()
    {
        while (_done.Reader.TryRead(out Task<T>? task))
        {
            _pending--;
            yield return task;
        }
    }

    /// <summary>Everything, each as soon as it is done.</summary>
    public IEnumerable<Task<T>> All()
    {
        while (_pending > 0)
        {
            _done.Reader.WaitToReadAsync(token).AsTask().GetAwaiter().GetResult();
            foreach (Task<T> task in Finished()) yield return task;
        }
    }
}
