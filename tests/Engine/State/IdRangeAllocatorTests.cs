using System.Collections.Concurrent;
using System.Diagnostics;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Engine.Tests.Store;
using Xunit;

namespace Container.Engine.Tests.State;

public sealed class IdRangeAllocatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void No_two_containers_share_an_id_however_many_ask_at_once()
    {
        using StoreFixture fixture = new();
        ConcurrentDictionary<uint, string> taken = new();
        Parallel.For(0, 8, new ParallelOptions { CancellationToken = Cancellation }, worker =>
        {
            IdRangeAllocator allocator = Allocator(fixture);
            for (int i = 0; i < 25; i++)
            {
                string id = ObjectId.New();
                uint start = allocator.Allocate(id, Cancellation);
                Assert.True(taken.TryAdd(start, id));
                Assert.Equal(0u, start % IdRangeAllocator.Size);
                Assert.InRange(start, 0x10000000u, 0x6FFF0000u);
            }
        });
        Assert.Equal(200, taken.Count);
        IdRangeAllocator last = Allocator(fixture);
        foreach ((uint start, string id) in taken) last.Release(start, id, Cancellation);
        Assert.Equal([fixture.Path("ids/lock")], Directory.EnumerateFileSystemEntries(fixture.Path("ids")));
    }

    [Fact]
    public void Only_the_owner_gives_a_range_back_and_the_lost_ones_are_found()
    {
        using StoreFixture fixture = new();
        const string two = "containers:100000:131072";
        IdRangeAllocator allocator = Allocator(fixture, users: two, groups: two);
        uint first = allocator.Allocate("first", Cancellation);
        uint second = allocator.Allocate("second", Cancellation);
        Assert.Equal(new uint[] { 100000, 165536 }, new[] { first, second }.Order());
        allocator.Release(first, "second", Cancellation);
        EngineException failure = Assert.Throws<EngineException>(() => allocator.Allocate("third", Cancellation));
        Assert.Equal(ErrorId.LimitExceeded, failure.Id);
        Assert.Equal(1, allocator.Recover(id => id == "second", Cancellation));
        Assert.Equal(first, allocator.Allocate("third", Cancellation));
        allocator.Release(first, "third", Cancellation);
        allocator.Release(first, "third", Cancellation);
        Assert.Equal(first, allocator.Allocate("fourth", Cancellation));
    }

    [Fact]
    public void Ids_of_other_users_are_left_alone()
    {
        SubordinateIds ids = SubordinateIds.Parse("me:268435456:65536\nbad line\nyou:x:1\n", "them:268500000:1\n#c\n");
        Assert.True(ids.IsForeign(268435456));
        Assert.True(ids.IsForeign(268435456 - 1));
        Assert.True(ids.IsForeign(268435456 + 65536 - 65536 + 1));
        Assert.False(ids.IsForeign(0x20000000));
        Assert.Equal(0x10000000u, ids.GetRange(0));
        Assert.Equal((0x70000000u - 0x10000000u) / 65536, ids.RangeCount);

        // Both files have to agree: ids without groups, or other groups, are no use.
        ids = SubordinateIds.Parse("containers:100000:65536", "containers:200000:65536");
        Assert.Equal(0x10000000u, ids.GetRange(0));
    }

    [Fact]
    public void Ids_of_accounts_are_left_alone()
    {
        SubordinateIds ids = SubordinateIds.Parse(
            "", "", "eve:x:268435999:100::/:/bin/sh\nstaff:x:536870912:eve\n#\nbad:x:-1:\n", id => id == 0x30003000);
        Assert.True(ids.IsForeign(0x10000000));
        Assert.True(ids.IsForeign(0x20000000));
        Assert.True(ids.IsForeign(0x30000000));
        Assert.False(ids.IsForeign(0x10010000));
        Assert.False(ids.IsForeign(0x30010000));
    }

    [Fact]
    public void No_range_holds_an_account_of_the_host()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: an account");
        string name = $"psi{Guid.NewGuid():N}"[..12];
        using (Process made = Process.Start(
            "useradd", ["--uid", "1073745921", "--no-create-home", "--key", "UID_MAX=2000000000", name]))
        {
            made.WaitForExit();
            Assert.SkipUnless(made.ExitCode == 0, "useradd failed");
        }

        try
        {
            SubordinateIds ids = SubordinateIds.Read();
            Assert.True(ids.IsForeign(1073741824));
            Assert.False(ids.IsForeign(1073741824 + 65536));
        }
        finally
        {
            using Process removed = Process.Start("userdel", [name]);
            removed.WaitForExit();
        }
    }

    private static IdRangeAllocator Allocator(StoreFixture fixture, string users = "", string groups = "") =>
        new(fixture.Path("ids"), SubordinateIds.Parse(users, groups));
}
