using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Container.Engine.Errors;
using Container.Engine.State;

namespace Container.Engine.Logs;

/// <summary>
/// systemd's journal as a place for logs. It is written to by monitors, and read with journalctl, the interface of its
/// files that is stable and everywhere.
/// </summary>
internal static class Journal
{
    private const string Program = "journalctl";

    // A disk that takes longer is better not waited for.
    private static readonly TimeSpan SynchronizeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Fails unless something is there that takes entries.</summary>
    public static void RequireSocket(EnginePaths paths)
    {
        if (File.Exists(paths.JournalSocket)) return;
        throw Unavailable(
            $"There is no systemd journal to write to: '{paths.JournalSocket}' does not exist.", paths.JournalSocket);
    }

    /// <summary>Starts journalctl.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
                WorkingDirectory = "/",
            })!;
        }
        catch (Win32Exception failure)
        {
            throw new EngineException(
                ErrorId.JournalUnavailable,
                $"The log is in systemd's journal, and {Program}, which reads it, cannot be started: {failure.Message}",
                "Install systemd's programs, or create containers with -LogDriver File.",
                Program,
                failure);
        }
    }

    /// <summary>Ends journalctl, whatever it does.</summary>
    public static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>
    /// Has the journal take in what was sent to it before. Not everybody may ask for that; what is missing then are
    /// the last milliseconds.
    /// </summary>
    public static void Synchronize(CancellationToken cancellation)
    {
        using Process process = Start(["--sync", "--quiet"]);
        process.StandardInput.Close();
        using CancellationTokenRegistration registration = cancellation.Register(() => End(process));
        if (!process.WaitForExit(SynchronizeLimit)) End(process);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The journal, or what reads it, is not as it should be.</summary>
    public static EngineException Unavailable(string message, object target) => new(
        ErrorId.JournalUnavailable, message, "Use -LogDriver File, or a host that runs systemd-journald.", target);
}
