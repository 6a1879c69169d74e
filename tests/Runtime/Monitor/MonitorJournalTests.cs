using System.Text;
using Container.Native.Monitor;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

public sealed class MonitorJournalTests(BusyBoxRoot busyBox) : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("psrun-journal-").FullName;

    private string Path => $"{directory}/socket";

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_line_is_an_entry_with_the_fields_of_other_engines()
    {
        using JournalReceiver journal = new(Path);
        using TestContainer container = Make("sh", "-c", "echo one; sleep 0.1; echo two >&2");
        container.Start();
        container.Wait();
        string id = container.Request.Id;
        foreach ((int index, string priority, string text) in ((int, string, string)[])[(0, "6", "one"), (1, "3", "two")])
        {
            Dictionary<string, string> fields = journal.Wait(2)[index]
                .ToDictionary(field => field.Key, field => Encoding.UTF8.GetString(field.Value));
            Assert.Equal(
                new Dictionary<string, string>
                {
                    ["MESSAGE"] = text,
                    ["PRIORITY"] = priority,
                    ["CONTAINER_ID"] = id[..12],
                    ["CONTAINER_ID_FULL"] = id,
                    ["CONTAINER_NAME"] = "test",
                    ["CONTAINER_TAG"] = "a tag",
                    ["SYSLOG_IDENTIFIER"] = "a tag",
                },
                fields);
        }
    }

    [Fact]
    public void Pieces_of_a_line_are_partial()
    {
        const int Length = 100_000;
        using JournalReceiver journal = new(Path);
        using TestContainer container = Make(
            "sh", "-c", $"head -c {Length} /dev/zero | tr '\\0' a; echo; echo; printf x");
        container.Start();
        container.Wait();
        container.WaitForMonitor();
        IReadOnlyDictionary<string, byte[]>[] entries = [.. journal.Wait(9)];
        Assert.True(IsPartial(entries[^1]));
        Assert.Equal("x"u8, entries[^1]["MESSAGE"]);
        Assert.False(IsPartial(entries[^2]));
        Assert.Empty(entries[^2]["MESSAGE"]);
        Assert.False(IsPartial(entries[^3]));
        Assert.All(entries[..^3], entry => Assert.True(IsPartial(entry)));
        Assert.All(entries, entry => Assert.InRange(entry["MESSAGE"].Length, 0, 16384));
        Assert.Equal(Length, entries[..^2].Sum(entry => entry["MESSAGE"].Length));
    }

    [Fact]
    public void Any_byte_is_sent_as_it_is_but_a_terminals_line_end()
    {
        using JournalReceiver journal = new(Path);
        using TestContainer container = Make("printf", @"\000=\001\rA=B\377\r\n");
        container.Start();
        container.Wait();
        Assert.Equal([0, (byte)'=', 1, (byte)'\r', (byte)'A', (byte)'=', (byte)'B', 255], journal.Wait(1)[0]["MESSAGE"]);
    }

    [Fact]
    public void A_slow_journal_slows_the_container_down_and_loses_nothing()
    {
        using JournalReceiver journal = new(Path, isReading: false);
        using TestContainer container = Make("seq", "1", "60000");
        container.Start();

        // The container is full of itself by now, and the monitor still answers.
        using (TestClient client = container.Connect())
        {
            client.Request(new MonitorMessage { Type = "kill", Signal = 0 });
        }

        Assert.Equal("running", container.State.Status);
        journal.Read();
        Assert.Equal(0, container.Wait().ExitCode);
        Assert.Equal(Enumerable.Range(1, 60_000).Select(number => $"{number}"), Whole(journal.Wait(60_000)).Take(60_000));
    }

    [Fact]
    public void A_journal_that_takes_nothing_does_not_keep_the_container_from_ending()
    {
        using JournalReceiver journal = new(Path, isReading: false);
        using TestContainer container = Make("yes");
        container.Start();
        container.Kill();
        Assert.Equal(137, container.Wait().ExitCode);
        container.WaitForMonitor();
    }

    [Fact]
    public void A_journal_that_is_started_anew_gets_what_follows_and_what_was_lost_is_told()
    {
        using TestContainer container = Make(
            "sh", "-c", "for i in 1 2 3; do echo $i; touch /did$i; while [ ! -e /go$i ]; do sleep 0.02; done; done; echo end");
        JournalReceiver journal = new(Path);
        container.Start();
        Assert.Equal(["1"], journal.Messages(1));
        Replace(ref journal);
        Go(container, 1);
        Assert.Equal(["2"], journal.Messages(1));
        journal.Dispose();
        Go(container, 2);
        WaitForFile(container, "did3");
        Replace(ref journal);
        Go(container, 3);
        Assert.Equal(["psrun: 2 bytes of output could not be logged (ENOENT)", "end"], journal.Messages(2));
        journal.Dispose();
    }

    [Fact]
    public void A_new_name_is_the_name_of_what_follows()
    {
        using JournalReceiver journal = new(Path);
        using TestContainer container = Make("sh", "-c", "echo one; while [ ! -e /go1 ]; do sleep 0.02; done; echo two");
        container.Start();
        journal.Wait(1);
        File.WriteAllBytes(
            $"{container.Directory}/monitor.json", MonitorDocument.Write(container.Request with { Name = "other" }));
        using (TestClient client = container.Connect())
        {
            client.Request(new MonitorMessage { Type = "update" });
        }

        Go(container, 1);
        Assert.Equal(["test", "other"], journal.Wait(2).Select(entry => Encoding.UTF8.GetString(entry["CONTAINER_NAME"])));
    }

    [Fact]
    public void Without_a_journal_nothing_is_started()
    {
        using TestContainer container = Make("true");
        MonitorMessage answer = container.TryStart();
        Assert.Equal("error", answer.Type);
        Assert.Equal("JournalUnavailable", answer.Id);
        Assert.Contains(Path, answer.Message, StringComparison.Ordinal);
        container.WaitForMonitor();
    }

    private static bool IsPartial(IReadOnlyDictionary<string, byte[]> entry) =>
        entry.TryGetValue("CONTAINER_PARTIAL_MESSAGE", out byte[]? value) && value.AsSpan().SequenceEqual("true"u8);

    private static IEnumerable<string> Whole(IEnumerable<IReadOnlyDictionary<string, byte[]>> entries)
    {
        string begun = "";
        foreach (IReadOnlyDictionary<string, byte[]> entry in entries)
        {
            begun += Encoding.UTF8.GetString(entry["MESSAGE"]);
            if (IsPartial(entry)) continue;
            yield return begun;
            begun = "";
        }
    }

    // The monitor takes what the container has written before it answers anybody who asks later.
    private static void WaitForFile(TestContainer container, string name)
    {
        string path = $"{container.Request.Rootfs.Upper}/{name}";
        Assert.True(SpinWait.SpinUntil(() => File.Exists(path), TestContainer.Patience));
        using TestClient client = container.Connect();
        client.Request(new MonitorMessage { Type = "kill", Signal = 0 });
    }

    private static void Go(TestContainer container, int step)
    {
        using TestExec touch = container.Execute("touch", $"/go{step}");
        Assert.Equal("started", touch.Answer.Type);
        Assert.Equal(0, touch.Client.Receive().ExitCode);
    }

    private void Replace(ref JournalReceiver journal)
    {
        journal.Dispose();
        File.Delete(Path);
        journal = new JournalReceiver(Path);
    }

    private TestContainer Make(params string[] command)
    {
        TestContainer container = new(busyBox, command);
        container.Request = container.Request with
        {
            LogPath = null,
            Journal = new MonitorJournal { Socket = Path, Tag = "a tag" },
        };
        return container;
    }
}
