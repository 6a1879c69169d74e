using Xunit;

namespace Container.Tests;

/// <summary>Waits for what comes about soon, and on a busy machine later.</summary>
internal static class Poll
{
    /// <summary>How long nothing takes, however busy the machine is, unless it never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds; fails with the text where it does not.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        long start = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - start < Patience.TotalMilliseconds, what);
            Thread.Sleep(10);
        }
    }

    /// <summary>Waits until a figure is the same for a while, and returns it.</summary>
    public static T Settled<T>(Func<T> figure)
    {
        T last = figure();
        Until(
            () =>
            {
                T before = last;
                Thread.Sleep(200);
                last = figure();
                return Equals(before, last);
            },
            "it goes on changing");
        return last;
    }
}
