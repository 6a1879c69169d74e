namespace Container.Runtime.Monitor;

/// <summary>
/// Whether and when a container that has ended is started again: after 100 ms, twice as long each time up to a minute,
/// and after 100 ms again once it has run for ten seconds.
/// </summary>
internal sealed class RestartSchedule
{
    private const long FirstMilliseconds = 100;
    private const long LastMilliseconds = 60_000;
    private const long SettledMilliseconds = 10_000;

    private string? policy;
    private int? limit;
    private long delay;

    /// <summary>How often it was started again.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the policy as the engine words it.</summary>
    public void Set(string? restartPolicy, int? restartLimit)
    {
        policy = restartPolicy;
        limit = restartLimit;
    }

    /// <summary>Whether the policy wants it to run again after this exit code.</summary>
    public bool Wants(int exitCode) => policy switch
    {
        "always" => true,
        "onFailure" => exitCode != 0 && !(Count >= limit),
        _ => false,
    };

    /// <summary>How long to wait before the next start.</summary>
    public long Next(long ranMilliseconds)
    {
        Count++;
        delay = ranMilliseconds >= SettledMilliseconds || delay == 0
            ? FirstMilliseconds
            : Math.Min(delay * 2, LastMilliseconds);
        return delay;
    }
}
