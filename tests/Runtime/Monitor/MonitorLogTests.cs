using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed partial class MonitorLogTests(BusyBoxRoot busyBox)
{
    [Fact]
    public void Records_have_the_format_of_the_container_runtime_interface()
    {
        using TestContainer container = new(busyBox, "echo", "a line");
        container.Start();
        container.Wait();
        Match match = Record().Match(container.Log);
        Assert.True(match.Success, container.Log);
        DateTimeOffset time = DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(DateTimeOffset.UtcNow - time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_line_without_an_end_is_partial()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "printf no-newline; sleep 0.2; echo ' more'; echo; printf x");
        container.Start();
        container.Wait();
        Assert.Equal(["stdout P no-newline", "stdout F  more", "stdout F ", "stdout P x"], container.Records);
    }

    [Fact]
    public void A_long_line_is_cut_into_pieces_that_make_it_whole_again()
    {
        const int Length = 100_000;
        using TestContainer container = new(busyBox, "sh", "-c", $"head -c {Length} /dev/zero | tr '\\0' a; echo");
        container.Start();
        container.Wait();
        Assert.All(container.Records, record => Assert.InRange(record.Length, 9, 9 + 16384));
        Assert.All(container.Records.SkipLast(1), record => Assert.StartsWith("stdout P ", record, StringComparison.Ordinal));
        Assert.StartsWith("stdout F ", container.Records[^1], StringComparison.Ordinal);
        Assert.Equal(new string('a', Length), string.Concat(container.Records.Select(record => record[9..])));
    }

    [Fact]
    public void Any_byte_is_logged_as_it_is()
    {
        using TestContainer container = new(busyBox, "printf", @"\000\001\377\r\n");
        container.Start();
        container.Wait();
        byte[] log = File.ReadAllBytes(container.Request.LogPath!);
        Assert.Equal([0, 1, 255, (byte)'\r', (byte)'\n'], log[^5..]);
    }

    [Fact]
    public void Files_are_rotated_and_the_oldest_go()
    {
        using TestContainer container = new(busyBox, "seq", "1", "20000");
        container.Request = container.Request with { LogMaxBytes = 200_000, LogMaxFiles = 3 };
        container.Start();
        container.Wait();
        string path = container.Request.LogPath!;
        string[] files = [$"{path}.2", $"{path}.1", path];
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 200_000));
        Assert.False(File.Exists($"{path}.3"));

        // What is left is the end, without a gap and in order.
        string text = string.Concat(files.SelectMany(File.ReadLines).Select(line => line[38] == 'P' ? line[40..] : line[40..] + "\n"));
        int[] numbers = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => int.Parse(line, null))];
        Assert.Equal(Enumerable.Range(numbers[0], numbers.Length), numbers);
        Assert.Equal(20_000, numbers[^1]);
    }

    [Fact]
    public void One_file_is_started_over()
    {
        using TestContainer container = new(busyBox, "seq", "1", "5000");
        container.Request = container.Request with { LogMaxBytes = 50_000, LogMaxFiles = 1 };
        container.Start();
        container.Wait();
        Assert.EndsWith("F 5000\n", container.Log, StringComparison.Ordinal);
        Assert.InRange(container.Log.Length, 1, 50_000);
        Assert.False(File.Exists(container.Request.LogPath + ".1"));
    }

    [Fact]
    public void A_torn_record_of_before_does_not_spoil_the_next()
    {
        using TestContainer container = new(busyBox, "echo", "next");
        File.WriteAllText(container.Request.LogPath!, "2020-01-01T00:00:00.000000000Z stdout F torn");
        container.Start();
        container.Wait();
        Assert.Equal(["stdout F torn", "stdout F next"], container.Records);
    }

    [Fact]
    public void A_full_disk_neither_stops_nor_kills_the_container()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "seq 1 100000; echo done >&2; exit 5");
        string directory = Path.Join(container.Directory, "full");
        Directory.CreateDirectory(directory);
        Mounted(directory, () =>
        {
            container.Request = container.Request with { LogPath = $"{directory}/container.log" };
            container.Start();
            Assert.Equal(5, container.Wait().ExitCode);
            container.WaitForMonitor();
            string[] lines = File.ReadAllLines($"{directory}/container.log");
            Assert.All(lines, line => Assert.Matches(Record(), line + "\n"));
        });
    }

    [Fact]
    public void Without_a_log_the_container_runs_all_the_same()
    {
        using TestContainer container = new(busyBox, "sh", "-c", "seq 1 100000; exit 4");
        container.Request = container.Request with { LogPath = null };
        container.Start();
        Assert.Equal(4, container.Wait().ExitCode);
    }

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) (stdout|stderr) [PF] [^\n]*\n")]
    private static partial Regex Record();

    private static void Mounted(string directory, Action action)
    {
        Run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", directory);
        try
        {
            action();
        }
        finally
        {
            Run("umount", "-l", directory);
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
