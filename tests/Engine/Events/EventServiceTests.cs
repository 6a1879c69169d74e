using System.Text;
using Container.Engine.Events;
using Container.Engine.Tests.Containers;
using Xunit;

namespace Container.Engine.Tests.Events;

public sealed class EventServiceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_last_minute_of_a_long_log_costs_no_reading_of_the_others()
    {
        const int Count = 56_000;

        using TestEngine test = new();
        Write(test, Enumerable.Range(0, Count).Select(number => Line(Noon.AddSeconds(number / 2.0), number)));
        EventOptions last = new() { Since = Noon.AddSeconds(Count / 2).AddMinutes(-1) };
        Assert.Equal(120, test.Engine.Events.Read(last, Cancellation).Count());

        // An event that is read takes a kilobyte, and one that is passed over nothing.
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = test.Engine.Events.Read(last, Cancellation).Count();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Both_files_are_looked_at_whatever_the_clock_did()
    {
        using TestEngine test = new();

        // A clock that was an hour ahead, and one that was put right between the two files and once more later.
        int[] old = [0, 1, 60, 61];
        int[] now = [2, 62, 3, 4];
        Write(test, old.Select(minute => Line(Noon.AddMinutes(minute), minute)), ".1");
        Write(test, now.Select(minute => Line(Noon.AddMinutes(minute), minute)));
        Assert.Equal([60, 61, 62], Minutes(test, Noon.AddMinutes(5), null));
        Assert.Equal([60, 61, 2, 62, 3, 4], Minutes(test, Noon.AddMinutes(2), null));
        Assert.Equal([2, 3], Minutes(test, Noon.AddMinutes(2), Noon.AddMinutes(4)));
    }

    [Fact]
    public void Times_are_compared_in_every_form_they_have()
    {
        using TestEngine test = new();
        string[] times =
        [
            "2026-11-30T11:59:59.9999999+00:00", "2026-11-30T12:00:00+00:00", "2026-11-30T12:00:00.5Z",
            "2026-11-30T13:00:01.123+01:00", "2026-11-30T12:30:00+01:00",
        ];
        Write(test, times.Select((time, number) => Line(Noon, number).Replace($"{Noon:O}", time, StringComparison.Ordinal)));
        Assert.Equal([1, 2, 3], Minutes(test, Noon, null));
    }

    [Fact]
    public void Half_a_line_hides_none_after_it()
    {
        using TestEngine test = new();
        string half = Line(Noon, 0)[..60];
        Write(test, [half + Line(Noon.AddMinutes(1), 1), "", "nonsense", Line(Noon.AddMinutes(2), 2)]);
        Assert.Equal([1, 2], Minutes(test, Noon.AddSeconds(30), null));
    }

    private static IEnumerable<int> Minutes(TestEngine test, DateTimeOffset since, DateTimeOffset? until) =>
        test.Engine.Events.Read(new EventOptions { Since = since, Until = until }, Cancellation)
            .Select(happened => int.Parse(happened.Attributes["pid"], null));

    private static string Line(DateTimeOffset time, int number) =>
        $$"""{"time":"{{time:O}}","type":"container","action":"exec","id":"{{new string('a', 64)}}","name":"soak","attributes":{"command":"sh -c true","pid":"{{number}}"} }""";

    private static void Write(TestEngine test, IEnumerable<string> lines, string suffix = "")
    {
        Directory.CreateDirectory(test.Options.StateRoot!);
        StringBuilder text = new();
        foreach (string line in lines) text.Append(line).Append('\n');
        File.WriteAllText(Path.Join(test.Options.StateRoot, "events.log" + suffix), text.ToString());
    }
}
