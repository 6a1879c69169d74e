using System.Globalization;
using System.Text;
using Container.Engine.Logs;
using Xunit;

namespace Container.Engine.Tests.Logs;

public sealed class LogReaderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2016, 10, 6, 0, 17, 9, TimeSpan.Zero);

    private readonly string directory = Directory.CreateTempSubdirectory("pscontainer-tests-").FullName;

    private string Log => Path.Join(directory, "container.log");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Lines_have_time_stream_and_text()
    {
        File.WriteAllText(Log, """
            2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1
            2016-10-06T00:17:10.113242941Z stderr F The content of the log entry 2
            2016-10-06T02:17:11Z stdout F

            not a line
            2016-10-06T00:17:12.1Z stdout F:future  two spaces
            2016-10-06T00:17:13.1Z stdout X nonsense
            """.ReplaceLineEndings("\n").Replace("F\n", "F \n", StringComparison.Ordinal) + "\n");

        LogEntry[] entries = Read(new LogOptions());

        Assert.Equal(
            ["The content of the log entry 1", "The content of the log entry 2", "", " two spaces"],
            entries.Select(entry => entry.Line));
        Assert.Equal(
            [LogStream.Stdout, LogStream.Stderr, LogStream.Stdout, LogStream.Stdout],
            entries.Select(entry => entry.Stream));
        Assert.Equal(Start.AddTicks(6697942), entries[0].Timestamp);
        Assert.Equal(Start.AddHours(2).AddSeconds(2), entries[2].Timestamp);
    }

    [Fact]
    public void Pieces_are_joined_by_stream()
    {
        Write(Log, "1 stdout P one-", "2 stderr P err-", "3 stdout P two-", "4 stderr F end", "5 stdout F three",
            "6 stdout P rest");

        LogEntry[] entries = Read(new LogOptions());

        Assert.Equal(["err-end", "one-two-three", "rest"], entries.Select(entry => entry.Line));
        Assert.Equal([2, 1, 6], entries.Select(entry => (entry.Timestamp - Start).Seconds));
    }

    [Fact]
    public void A_line_without_end_is_given_out_in_bounded_pieces()
    {
        using (StreamWriter writer = new(Log))
        {
            for (int index = 0; index < 400; index++) writer.Write(Line($"1 stdout P {new string('x', 16000)}"));
        }

        LogEntry[] entries = Read(new LogOptions());

        Assert.All(entries, entry => Assert.InRange(entry.Line.Length, 1, 1_100_000));
        Assert.Equal(400 * 16000, entries.Sum(entry => entry.Line.Length));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "e2")]
    [InlineData(2, "o2b e2")]
    [InlineData(3, "o1 o2b e2")]
    [InlineData(4, "e1 o1 o2b e2")]
    [InlineData(9, "o0 e1 o1 o2b e2")]
    public void A_tail_counts_whole_lines(int count, string expected)
    {
        Write(Log, "0 stdout F o0", "1 stderr F e1", "2 stdout F o1", "3 stdout P o2", "4 stderr P e", "5 stdout F b",
            "6 stderr F 2");

        Assert.Equal(expected, string.Join(' ', Read(new LogOptions { Tail = count }).Select(entry => entry.Line)));
    }

    [Fact]
    public void A_tail_counts_what_the_filter_takes()
    {
        Write(Log, "0 stderr F e0", "1 stderr F e1", "2 stdout F o2", "3 stdout F o3", "4 stdout P open");

        Assert.Equal(["e1"], Read(new LogOptions { Tail = 1, Stream = LogStream.Stderr }).Select(entry => entry.Line));
        Assert.Equal(
            ["o3", "open"], Read(new LogOptions { Tail = 2, Stream = LogStream.Stdout }).Select(entry => entry.Line));
        Assert.Equal(
            ["e1"], Read(new LogOptions { Tail = 1, Until = Start.AddSeconds(2) }).Select(entry => entry.Line));
    }

    [Fact]
    public void A_tail_of_any_length_is_the_end_of_the_whole()
    {
        Random random = new(4711);
        List<string> lines = [];
        for (int index = 0; index < 300; index++)
        {
            string stream = random.Next(3) == 0 ? "stderr" : "stdout";
            string tag = random.Next(3) == 0 ? "P" : "F";
            lines.Add($"{index / 10} {stream} {tag} {index}:{new string('x', random.Next(2000))}");
        }

        Write(Log + ".2", [.. lines.Take(100)]);
        Write(Log + ".1", [.. lines.Skip(100).Take(120)]);
        Write(Log, [.. lines.Skip(220)]);
        LogEntry[] whole = Read(new LogOptions());
        for (int count = 0; count <= whole.Length + 1; count++)
        {
            // Lines are whole in both, but those that never end come last in the one and in their place in the other.
            LogEntry[] tail = Read(new LogOptions { Tail = count });
            Assert.Equal(Math.Min(count, whole.Length), tail.Length);
            Assert.Equal(whole[(whole.Length - tail.Length)..], tail);
        }
    }

    [Fact]
    public void A_tail_reads_the_end_only()
    {
        using (FileStream file = new(Log, FileMode.Create))
        {
            // Zeros are no lines; to read them all takes an hour.
            file.SetLength(4L << 40);
            file.Seek(0, SeekOrigin.End);
            file.Write("\n"u8);
            for (int index = 0; index < 100; index++) file.Write(Encoding.UTF8.GetBytes(Line($"1 stdout F {index}")));
        }

        long before = Environment.TickCount64;
        Assert.Equal(["97", "98", "99"], Read(new LogOptions { Tail = 3 }).Select(entry => entry.Line));
        Assert.InRange(Environment.TickCount64 - before, 0, 60_000);
    }

    [Fact]
    public void Since_and_until_bound_the_time()
    {
        Write(Log, "0 stdout F 0", "1 stdout F 1", "2 stdout F 2", "3 stdout F 3");

        Assert.Equal(
            ["1", "2"],
            Read(new LogOptions { Since = Start.AddSeconds(1), Until = Start.AddSeconds(3) })
                .Select(entry => entry.Line));
    }

    [Fact]
    public void Rotated_files_are_read_oldest_first()
    {
        Write(Log + ".2", "0 stdout F 0", "1 stdout P a");
        Write(Log + ".1", "2 stdout F b", "3 stdout F 3");
        Write(Log, "4 stdout F 4");

        Assert.Equal(["0", "ab", "3", "4"], Read(new LogOptions()).Select(entry => entry.Line));
    }

    [Fact]
    public void A_container_that_never_wrote_has_an_empty_log() => Assert.Empty(Read(new LogOptions { Tail = 3 }));

    [Fact]
    public async Task Following_crosses_rotations_without_a_gap()
    {
        const int count = 20_000;
        bool ended = false;
        int next = 0;
        Task writer = Task.Run(
            () =>
            {
                StreamWriter file = new(Log);
                for (int index = 0; index < count; index++)
                {
                    file.Write(Line($"1 stdout F {index}"));
                    if (index % 7 == 0) file.Flush();
                    if (index % 1500 != 1499) continue;
                    file.Flush();

                    // The reader has to keep up with two rotations at most; the files that are kept give it that.
                    Poll.Until(() => Volatile.Read(ref next) > index - 1500, "nobody reads");
                    if (File.Exists(Log + ".1")) File.Move(Log + ".1", Log + ".2", overwrite: true);
                    File.Move(Log, Log + ".1", overwrite: true);
                    file.Dispose();
                    file = new StreamWriter(Log);
                }

                file.Dispose();
                Volatile.Write(ref ended, true);
            },
            TestContext.Current.CancellationToken);

        foreach (LogEntry entry in LogReader.Read(
            Log,
            new LogOptions { Follow = true },
            () => Volatile.Read(ref ended),
            TestContext.Current.CancellationToken))
        {
            Assert.Equal(next.ToString(CultureInfo.InvariantCulture), entry.Line);
            Volatile.Write(ref next, next + 1);
        }

        Assert.Equal(count, next);
        await writer;
    }

    [Fact]
    public void Following_is_cancelled()
    {
        Write(Log, "0 stdout F 0");
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => LogReader.Read(
            Log, new LogOptions { Follow = true }, () => false, source.Token).Count());
    }

    [Fact]
    public void Following_ends_at_the_given_time()
    {
        Write(Log, "0 stdout F 0", "5 stdout F 5");

        LogOptions options = new() { Follow = true, Until = Start.AddSeconds(3) };
        LogEntry entry = Assert.Single(
            LogReader.Read(Log, options, () => false, TestContext.Current.CancellationToken));
        Assert.Equal("0", entry.Line);
    }

    private LogEntry[] Read(LogOptions options) =>
        [.. LogReader.Read(Log, options, () => true, TestContext.Current.CancellationToken)];

    private static void Write(string path, params string[] lines) =>
        File.WriteAllText(path, string.Concat(lines.Select(Line)));

    // "SECONDS STREAM TAG TEXT" as the log has it.
    private static string Line(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        DateTimeOffset time = Start.AddSeconds(int.Parse(text[..space], CultureInfo.InvariantCulture));
        return $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss}.000000000Z{text[space..]}\n";
    }
}
