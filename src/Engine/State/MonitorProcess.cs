using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Container.Engine.Errors;
using Container.Native.Syscalls;

namespace Container.Engine.State;

/// <summary>Starts psrun as a container's monitor. It makes a session of its own and outlives us.</summary>
internal static class MonitorProcess
{
    private const int MaximumOutput = 64 * 1024;

    // It takes milliseconds; whatever takes this long never ends.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the monitor listens on its socket.</summary>
    /// <param name="paths">Where psrun is.</param>
    /// <param name="directory">The container's directory with monitor.json.</param>
    /// <param name="isRootOfHost">The container's root may be the host's: the monitor then runs from a form of its
    /// file that nobody can write (CVE-2019-5736), which takes a millisecond.</param>
    /// <param name="beside">The monitor in whose user namespace this one is to be, or null.</param>
    /// <param name="hasRemoval">The request names what removes the container: an ordinary user's monitor cannot do it
    /// from where it is.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static void Start(
        EnginePaths paths, string directory, bool isRootOfHost, int? beside, bool hasRemoval,
        CancellationToken cancellation)
    {
        string[] arguments = ["monitor", "--directory", directory];
        if (isRootOfHost) arguments = [.. arguments, "--write-protected"];
        string[] command = [.. Inside(arguments, beside)];
        if (hasRemoval && command[0] == "unshare") command = ["unshare", "--removal", directory, .. command[1..]];
        AwaitReady(paths, command, cancellation);
    }

    /// <summary>Starts another command of psrun that says when it is ready, in the user's namespace.</summary>
    public static void StartUnshared(
        EnginePaths paths, UserIds ids, IEnumerable<string> arguments, CancellationToken cancellation) =>
        AwaitReady(paths, Inside(arguments, ids), cancellation);

    /// <summary>The arguments that have psrun do something where the user's containers are: an ordinary user's are in
    /// a user namespace, which may be that of the process <paramref name="beside"/>.</summary>
    public static IEnumerable<string> Inside(IEnumerable<string> arguments, int? beside = null) =>
        beside is { } other ? ["unshare", "--with", other.ToString(CultureInfo.InvariantCulture), .. arguments]
        : UserIds.Current is { } ids ? Inside(arguments, ids) : arguments;

    private static string[] Inside(IEnumerable<string> arguments, UserIds ids) =>
        ["unshare", UserIds.Text(ids.Users), UserIds.Text(ids.Groups), .. arguments];

    private static void AwaitReady(EnginePaths paths, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using Process process = Launch(paths, arguments);

        // Cancelled while it starts: it has no container yet, and nobody who would give it one.
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeLimit);
        using CancellationTokenRegistration registration = limit.Token.Register(() => Kill(process));
        process.StandardInput.Close();

        // Streams that were asked for are not closed with the process object.
        using StreamReader output = process.StandardOutput;
        using StreamReader errors = process.StandardError;
        bool ready = output.ReadLine() == "ready";

        // From here on nobody kills it; or somebody has.
        registration.Dispose();
        if (ready && !limit.IsCancellationRequested) return;

        string error = ready ? "" : ReadBounded(errors);
        Kill(process);
        cancellation.ThrowIfCancellationRequested();
        throw new EngineException(
            ErrorId.RuntimeUnavailable,
            error.Length > 0 ? error : $"The runtime '{paths.RuntimePath}' ended before it was ready.",
            target: paths.RuntimePath);
    }

    /// <summary>Runs psrun to its end and returns what it printed.</summary>
    public static string Run(EnginePaths paths, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        using Process process = Launch(paths, arguments);
        using CancellationTokenRegistration registration = cancellation.Register(() => Kill(process));
        process.StandardInput.Close();
        using StreamReader output = process.StandardOutput;
        using StreamReader errors = process.StandardError;
        Task<string> error = errors.ReadToEndAsync(CancellationToken.None);
        string text = output.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? text
            : throw new EngineException(ErrorId.RuntimeUnavailable, error.Result.Trim(), target: paths.RuntimePath);
    }

    private static Process Launch(EnginePaths paths, IEnumerable<string> arguments)
    {
        // Where nothing was when the engine was opened, somebody may have put something since.
        paths.RequireRuntime();
        ProcessStartInfo start = new(paths.RuntimePath, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception) when (ErrnoAdvice.Get((Errno)exception.NativeErrorCode) is not null)
        {
            throw new SystemCallException("start", paths.RuntimePath, (Errno)exception.NativeErrorCode);
        }
        catch (Win32Exception exception)
        {
            throw new EngineException(
                ErrorId.RuntimeUnavailable,
                $"The runtime '{paths.RuntimePath}' cannot be started: {exception.Message}",
                "Build the module with ./build.sh, or set PSCONTAINER_RUNTIME to the psrun executable.",
                paths.RuntimePath,
                exception);
        }
    }

    private static string ReadBounded(StreamReader reader)
    {
        char[] buffer = new char[MaximumOutput];
        int length = reader.ReadBlock(buffer);
        return new string(buffer, 0, length).Trim();
    }

    private static void Kill(Process process)
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
}
