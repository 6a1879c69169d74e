using Container.Native.Syscalls;

namespace Container.Native.Tests.Mounts;

/// <summary>A thread that exchanges two names as fast as it can.</summary>
internal sealed class Exchanger : IDisposable
{
    private readonly Thread thread;
    private volatile bool stop;
    private int count;

    public Exchanger(string one, string other)
    {
        thread = new Thread(() =>
        {
            while (!stop)
            {
                if (FileCalls.renameat2(FileCalls.AT_FDCWD, one, FileCalls.AT_FDCWD, other, FileCalls.RENAME_EXCHANGE) == 0)
                    Interlocked.Increment(ref count);
            }
        });
        thread.Start();
    }

    public int Count => Volatile.Read(ref count);

    public void Dispose()
    {
        stop = true;
        thread.Join();
    }
}
