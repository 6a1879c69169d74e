using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Engine.Tests.Store;

public sealed class AtomicFileTests
{
    [Fact]
    public async Task The_content_is_replaced_whole_and_readers_never_see_less()
    {
        using StoreFixture fixture = new();
        string path = fixture.Path("state.json");
        AtomicFile.Write(path, new byte[10_000]);
        Task writers = Task.WhenAll(Enumerable.Range(1, 3).Select(number => Task.Run(
            () =>
            {
                byte[] content = Enumerable.Repeat((byte)number, 10_000).ToArray();
                for (int i = 0; i < 30; i++) AtomicFile.Write(path, content);
            },
            TestContext.Current.CancellationToken)));
        while (!writers.IsCompleted)
        {
            byte[] content = File.ReadAllBytes(path);
            Assert.Equal(10_000, content.Length);
            Assert.Single(content.Distinct());
        }

        await writers;
        Assert.Equal([path], Directory.EnumerateFiles(fixture.Directory));
    }

    [Fact]
    public void A_full_disk_is_a_clear_error_and_loses_nothing()
    {
        using StoreFixture fixture = new("size=64k");
        string path = fixture.Path("state.json");
        AtomicFile.Write(path, "before"u8);
        EngineException failure = Assert.Throws<EngineException>(() => AtomicFile.Write(path, new byte[200_000]));
        Assert.Equal((ErrorId.SystemCallFailed, Errno.ENOSPC), (failure.Id, failure.Errno));
        Assert.Contains("space", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(fixture.Directory));
    }

    [Fact]
    public void A_read_only_state_directory_is_a_clear_error()
    {
        using StoreFixture fixture = new("size=64k");
        string path = fixture.Path("state.json");
        AtomicFile.Write(path, "before"u8);
        fixture.Remount("ro");
        EngineException failure = Assert.Throws<EngineException>(() => AtomicFile.Write(path, "after"u8));
        Assert.Equal(ErrorId.StateDirectoryUnusable, failure.Id);
        failure = Assert.Throws<EngineException>(() => LockFile.TryAcquire(fixture.Path("lock")));
        Assert.Equal(ErrorId.StateDirectoryUnusable, failure.Id);
        failure = Assert.Throws<EngineException>(() => EnginePaths.MakePrivate(fixture.Path("new")));
        Assert.Equal(ErrorId.StateDirectoryUnusable, failure.Id);
        Assert.Equal("before", File.ReadAllText(path));
    }

    [Fact]
    public void What_dead_writers_left_is_removed_and_nothing_else()
    {
        using StoreFixture fixture = new();
        string stale = fixture.Path(".state.json.4194305.0123456789abcdef0123456789abcdef.tmp");
        string live = fixture.Path($".state.json.{Environment.ProcessId}.0123456789abcdef0123456789abcdef.tmp");
        string other = fixture.Path(".hidden.tmp");
        foreach (string path in new[] { stale, live, other }) File.WriteAllText(path, "x");
        AtomicFile.RemoveStale(fixture.Directory);
        Assert.Equal(new[] { other, live }.Order(), Directory.EnumerateFiles(fixture.Directory).Order());
    }
}
