using System.Diagnostics;
using Container.Engine.Errors;
using Container.Engine.Store;
using Xunit;

namespace Container.Engine.Tests.Store;

public sealed class LockFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void One_holder_or_several_that_share()
    {
        using StoreFixture fixture = new();
        string path = fixture.Path("lock");
        using (LockFile.Acquire(path, exclusive: true, Cancellation))
        {
            Assert.Null(LockFile.TryAcquire(path));
            Assert.Null(LockFile.TryAcquire(path, exclusive: false));
        }

        using (LockFile.Acquire(path, exclusive: false, Cancellation))
        using (LockFile.Acquire(path, exclusive: false, Cancellation))
        {
            Assert.Null(LockFile.TryAcquire(path));
        }

        LockFile.Acquire(path, exclusive: true, Cancellation).Dispose();
    }

    [Fact]
    public void Waiting_ends_with_the_token_or_the_bound()
    {
        using StoreFixture fixture = new();
        string path = fixture.Path("lock");
        using LockFile held = LockFile.Acquire(path, exclusive: true, Cancellation);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => LockFile.Acquire(path, exclusive: true, stop.Token));
        EngineException failure = Assert.Throws<EngineException>(
            () => LockFile.Acquire(path, exclusive: true, TimeSpan.FromMilliseconds(100), Cancellation));
        Assert.Equal(ErrorId.WaitTimeout, failure.Id);
    }

    [Fact]
    public void No_child_inherits_the_lock()
    {
        using StoreFixture fixture = new();
        string path = fixture.Path("lock");
        LockFile held = LockFile.Acquire(path, exclusive: true, Cancellation);
        using Process child = Process.Start("sleep", "1000");
        held.Dispose();
        try
        {
            // What another test starts at the same time has it until it executes its program.
            LockFile? again = null;
            Poll.Until(() => (again = LockFile.TryAcquire(path)) is not null, "the child has the lock");
            again!.Dispose();
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    [Fact]
    public async Task A_lock_that_was_removed_with_its_object_is_no_lock()
    {
        using StoreFixture fixture = new();
        string path = fixture.Path("lock");
        using LockFile old = LockFile.Acquire(path, exclusive: true, Cancellation);
        Task<LockFile> waiter = Task.Run(() => LockFile.Acquire(path, exclusive: true, Cancellation), Cancellation);
        File.Delete(path);
        using LockFile taken = await waiter;
        Assert.True(File.Exists(path));
        Assert.Null(LockFile.TryAcquire(path));
    }
}
