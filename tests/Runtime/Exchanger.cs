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
                _ = Files.renameat2(Files.AT_FDCWD, first, Files.AT_FDCWD, second, Files.RENAME_EXCHANGE);
        });
        thread.Start();
    }

    public void Dispose()
    {
        ended = true;
        thread.Join();
    }
}
