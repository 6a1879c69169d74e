using System.Runtime.InteropServices;
using Container.Engine.Errors;
using Container.Engine.Monitor;
using Container.Native.Syscalls;
using Container.Native.Terminal;

namespace Container.Cmdlets.Interactive;

/// <summary>Connects the user's terminal to that of a process in a container until the process has ended.</summary>
internal sealed class TerminalRelay(HostTerminal host, ExecSession session) : IDisposable
{
    private const int BlockSize = 4096;

    private readonly CancellationTokenSource _detached = new();

    /// <summary>The keys that end the relay and leave the process alone; none where null.</summary>
    public DetachSequence? Detach { get; init; }

    /// <summary>Gives the process's terminal a size, where the session does not have that itself.</summary>
    public Action<int, int>? Resize { get; init; }

    /// <summary>Relays both ways and returns how the process ended; null when the user has detached.</summary>
    public ContainerExit? Run(CancellationToken token)
    {
        using PosixSignalRegistration resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => CopySize());
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(token, _detached.Token);
        CopySize();
        Task output = OnThread(() => Copy(session.Stdout!, host.Output));
        Task input = OnThread(CopyInput);
        try
        {
            ContainerExit exit = session.Wait(end.Token);
            output.Wait(end.Token);
            return exit;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            host.Input.Stop();
            host.Output.Stop();
            session.Dispose();
            Task.WaitAll([output, input], CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _detached.Dispose();

    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Copy(Stream source, Stream target)
    {
        byte[] buffer = new byte[BlockSize];
        Guard(() =>
        {
            int count;
            while ((count = source.Read(buffer)) > 0) target.Write(buffer.AsSpan(0, count));
        });
    }

    private static void Guard(Action copy)
    {
        try
        {
            copy();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The other side has ended.
        }
    }

    private void CopyInput()
    {
        if (Detach is null)
        {
            Copy(host.Input, session.Stdin!);
            return;
        }

        byte[] buffer = new byte[BlockSize];
        Guard(() =>
        {
            int count;
            while ((count = host.Input.Read(buffer)) > 0)
            {
                byte[]? passed = Detach.Filter(buffer.AsSpan(0, count));
                if (passed is null)
                {
                    session.LetGo();
                    _detached.Cancel();
                    return;
                }

                session.Stdin!.Write(passed);
            }
        });
    }

    private void CopySize()
    {
        try
        {
            if (Resize is not null) Resize(host.Size.Width, host.Size.Height);
            else if (session.Terminal is { IsClosed: false } master) host.CopySizeTo(master);
        }
        catch (Exception failure) when (failure is SystemCallException or EngineException or ObjectDisposedException)
        {
            // The process ended while the window was moved.
        }
    }
}
