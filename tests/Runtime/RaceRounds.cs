using System.Diagnostics;
using System.Globalization;

namespace Container.Runtime.Tests;

/// <summary>
/// How often a race is tried: 1,000 times or for some seconds, whichever is less, so that a busy machine does not take
/// minutes; or as often as CONTAINER_RACE_ROUNDS says, however long that takes.
/// </summary>
internal sealed class RaceRounds
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly int? wanted = int.TryParse(
        Environment.GetEnvironmentVariable("CONTAINER_RACE_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int rounds) ? rounds : null;

    /// <summary>How many rounds have begun.</summary>
    public int Count { get; private set; }

    public bool Next()
    {
        bool more = wanted is { } number ? Count < number : Count == 0 || (Count < 1000 && clock.Elapsed < Longest);
        if (more) Count++;
        return more;
    }
}
