using System.Runtime.InteropServices;
using Container.Engine.Containers;
using Container.Native.Syscalls;
using Container.Native.Terminal;

namespace Container.Cmdlets.Interactive;

/// <summary>Connects the user's terminal to that of a process in a container until the process has ended.</summary>
internal static class TerminalRelay
{
    private const int BlockSize = 4096;

    /// <summary>Relays both ways and returns how the process ended.</summary>
    public static ContainerExit Run(HostTerminal host, ExecSession session, CancellationToken token)
    {
        using PosixSignalRegistration resized = PosixSignalRegistration.Create(
            PosixSignal.SIGWINCH, _ => Resize(host, session));
        Resize(host, session);
        Task output = OnThread(() => Copy(session.Stdout!, host.Output));
        Task input = OnThread(() => Copy(host.Input, session.Stdin!));
        try
        {
            ContainerExit exit = session.Wait(token);
            output.Wait(token);
            return exit;
        }
        finally
        {
            host.Input.Stop();
            host.Output.Stop();
            session.Dispose();
            Task.WaitAll([output, input], CancellationToken.None);
        }
    }

    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Resize(HostTerminal host, ExecSession session)
    {
        try
        {
            if (session.Terminal is { IsClosed: false } master) host.CopySizeTo(master);
        }
        catch (Exception failure) when (failure is SystemCallException or ObjectDisposedException)
        {
            // The process ended while the window was moved.
        }
    }

    private static void Copy(Stream source, Stream target)
    {
        byte[] buffer = new byte[BlockSize];
        try
        {
            int count;
            while ((count = source.Read(buffer)) > 0) target.Write(buffer.AsSpan(0, count));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The other side has ended.
        }
    }
}
