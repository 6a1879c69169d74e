using Container.Native.Syscalls;

namespace Container.Runtime.Tests;

/// <summary>Exchanges two paths over and over until disposed: what a container does to win a race.</summary>
internal sealed class Exchanger : IDisposable
{
    private readonly Thread thread;
    private volatile bool ended;

    public Exchanger(string first, string second)
    {
        thread = new Thread(() =>
        {
            while (!ended)
                _ = FileCalls.renameat2(FileCalls.AT_FDCWD, first, FileCalls.AT_FDCWD, second, FileCalls.RENAME_EXCHANGE);
        });
        thread.Start();
    }

    public void Dispose()
    {
        ended = true;
        thread.Join();
    }
}
