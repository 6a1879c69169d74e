using Container.Engine.Errors;
using Container.Engine.Logs;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Events;

/// <summary>
/// What has happened to containers, images, volumes and secrets: a file that everybody appends to, monitors too. It is
/// rotated at 16 MB; one file before the present one is kept.
/// </summary>
public sealed class EventService
{
    private const long MaximumLength = 16 * 1024 * 1024;
    private const int Pause = 50;

    private readonly EnginePaths paths;

    internal EventService(EnginePaths paths) => this.paths = paths;

    /// <summary>The file.</summary>
    internal string LogPath => Path.Join(paths.StateRoot, "events.log");

    /// <summary>
    /// Reads events in the order in which they were written, which is that of their times while nobody sets the clock
    /// back; a time is compared with each of them. When following without a beginning, "now" is this call, not the first
    /// look.
    /// </summary>
    public IEnumerable<EventRecord> Read(EventOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new EventOptions();
        if (!options.Follow) return ReadChain(options, null, cancellation);
        EnginePaths.MakePrivate(paths.StateRoot);
        return ReadChain(options, Open(options), cancellation);
    }

    /// <summary>Appends one event. That it cannot be written fails nothing that has happened.</summary>
    internal void Add(
        EventKind kind, EventAction action, string id, string? name,
        IReadOnlyDictionary<string, string>? attributes = null)
    {
        try
        {
            EventFile.Append(LogPath, new MonitorEvent
            {
                Type = Word(kind), Action = Word(action), Id = id, Name = name, Attributes = attributes,
            });
            if (new FileInfo(LogPath) is { Exists: true, Length: > MaximumLength }) Rotate();
        }
        catch (Exception failure) when (failure is SystemCallException or EngineException or IOException)
        {
            // A full disk: the next event may fit again.
        }
    }

    /// <summary>Whether the end of a container that was started then is in the log: for those who recover.</summary>
    internal bool HasExit(string id, DateTimeOffset startedAt) => Read(new EventOptions { Id = id }).Any(happened =>
        happened.Action == EventAction.Exit
        && happened.Attributes.GetValueOrDefault("startedAt") == $"{startedAt:O}");

    private static string Word<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private IEnumerable<EventRecord> ReadChain(
        EventOptions options, LogChain? opened, CancellationToken cancellation)
    {
        using LogChain chain = opened ?? Open(options);
        EventFilter filter = new(options);
        while (true)
        {
            while (EventLine.TryRead(chain, filter, out EventRecord? happened))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return happened;
            }

            if (!options.Follow || DateTimeOffset.UtcNow >= options.Until) yield break;
            if (cancellation.WaitHandle.WaitOne(Pause)) cancellation.ThrowIfCancellationRequested();
        }
    }

    private LogChain Open(EventOptions options)
    {
        List<LogFile> files = LogFile.OpenChain(LogPath);
        if (!options.Follow || options.Since is not null || files.Count == 0)
            return new LogChain(LogPath, files, 0, options.Follow);

        // From now on: what the files hold already is passed over.
        files.SkipLast(1).ToList().ForEach(file => file.Dispose());
        return new LogChain(LogPath, [files[^1]], files[^1].Length, follow: true);
    }

    private void Rotate()
    {
        using LockFile? held = LockFile.TryAcquire(LogPath + ".lock");
        if (held is null || new FileInfo(LogPath).Length <= MaximumLength) return;
        File.Move(LogPath, LogPath + ".1", overwrite: true);
    }
}
