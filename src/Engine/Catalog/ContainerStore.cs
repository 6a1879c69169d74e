using System.Collections.Concurrent;
using System.Text.Json;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Monitor;
using Container.Native.Syscalls;

namespace Container.Engine.Catalog;

/// <summary>
/// The files of containers. A container is there when its container.json is; everything else of it is made before and
/// removed after.
/// </summary>
internal sealed class ContainerStore(EnginePaths paths)
{
    private const string DocumentName = "container.json";
    private const string StateName = "state.json";

    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, ContainerDocument Document)> documents =
        new(StringComparer.Ordinal);

    public EnginePaths Paths => paths;

    public string Directory(string id) => paths.Container(id);

    public string RunDirectory(string id) => paths.RunContainer(id);

    public string Bundle(string id) => Path.Join(paths.Container(id), "bundle");

    public string SpecPath(string id) => Path.Join(Bundle(id), "config.json");

    public string LogPath(string id) => Path.Join(paths.Container(id), "container.log");

    public string LockPath(string id) => Path.Join(paths.Container(id), "lock");

    /// <summary>The user whose container it is, and who its monitor runs as.</summary>
    public uint Owner(string id)
    {
        using RootDirectory directory = RootDirectory.Open(paths.Container(id));
        return directory.GetMetadata(".").Uid;
    }

    /// <summary>The ids of all directories, of containers and of what is left of some.</summary>
    public IEnumerable<string> Directories() => DirectoryListing.Directories(paths.Containers)
        .Select(directory => Path.GetFileName(directory))
        .Where(ObjectId.IsValid);

    public bool Exists(string id)
    {
        FileInfo file = new(Path.Join(paths.Container(id), DocumentName));
        return file.Exists && !IsLost(id, file.Length);
    }

    /// <summary>A document changes seldom: it is parsed again only when its file is another one.</summary>
    public ContainerDocument? TryRead(string id)
    {
        string path = Path.Join(paths.Container(id), DocumentName);
        FileInfo file = new(path);
        if (!file.Exists || IsLost(id, file.Length))
        {
            documents.TryRemove(id, out _);
            return null;
        }

        (DateTime Written, long Length) now = (file.LastWriteTimeUtc, file.Length);
        if (documents.TryGetValue(id, out var known) && (known.Written, known.Length) == now) return known.Document;
        ContainerDocument? document = TryReadNow(id);
        if (document is not null) documents[id] = (now.Written, now.Length, document);
        return document;
    }

    /// <summary>What the file says now: for those who hold the container's lock and change it.</summary>
    public ContainerDocument? TryReadNow(string id)
    {
        string path = Path.Join(paths.Container(id), DocumentName);
        if (HostTrust.Read(path) is not { } content || IsLost(id, content.Length)) return null;
        try
        {
            return JsonSerializer.Deserialize(content, ContainerJsonContext.Default.ContainerDocument);
        }
        catch (JsonException exception)
        {
            throw new EngineException(
                ErrorId.SpecInvalid,
                $"'{path}' is damaged: {exception.Message}.",
                "Repair-ContainerStorage removes what cannot be read any more.",
                id,
                exception);
        }
    }

    // One that goes when it ends does not survive a reboot, so it need not be on the disk: that is most of its cost. A host
    // that goes down may leave an empty file of it, which the mark tells from a document that was damaged.
    public void Write(ContainerDocument document)
    {
        bool isTransient = document.Configuration.AutoRemove || document.LeasedTo is not null;
        if (isTransient) AtomicFile.Write(TransientMark(document.Id), [], flush: false);
        AtomicFile.Write(
            Path.Join(paths.Container(document.Id), DocumentName),
            JsonSerializer.SerializeToUtf8Bytes(document, ContainerJsonContext.Default.ContainerDocument),
            flush: !isTransient);
        documents.TryRemove(document.Id, out _);
    }

    /// <summary>Ends the container as an object; its files are removed afterwards.</summary>
    public void Delete(string id)
    {
        File.Delete(Path.Join(paths.Container(id), DocumentName));
        documents.TryRemove(id, out _);
    }

    /// <summary>What the monitor wrote last, or null.</summary>
    public MonitorState? TryReadState(string id) =>
        ReadState(Path.Join(paths.RunContainer(id), StateName));

    /// <summary>What was known when somebody last kept it: it is there after a reboot, and may be old.</summary>
    public MonitorState? TryReadKeptState(string id) =>
        ReadState(Path.Join(paths.Container(id), StateName));

    /// <summary>
    /// Keeps a state where a reboot leaves it. It is not flushed: to lose it costs the exit code of a container that
    /// the host went down with, to flush it costs every start the disk's time. A full disk costs no more either: what
    /// has happened to the container has happened.
    /// </summary>
    public void KeepState(string id, MonitorState state)
    {
        string path = Path.Join(paths.Container(id), StateName);
        try
        {
            AtomicFile.Write(path, MonitorDocument.Write(state), flush: false);
        }
        catch (EngineException failure) when (failure.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EROFS)
        {
            // The run directory has it until the host goes down.
        }
    }

    /// <summary>Replaces what the monitor wrote: only when there is no monitor any more.</summary>
    public void WriteState(string id, MonitorState state) =>
        AtomicFile.Write(Path.Join(paths.RunContainer(id), StateName), MonitorDocument.Write(state));

    private static MonitorState? ReadState(string path)
    {
        if (HostTrust.Read(path) is not { } content) return null;
        try
        {
            return MonitorDocument.ReadState(content);
        }
        catch (DocumentException)
        {
            // A file that the host went down with; what it said is lost.
            return null;
        }
    }

    private bool IsLost(string id, long length) => length == 0 && File.Exists(TransientMark(id));

    private string TransientMark(string id) => Path.Join(paths.Container(id), "transient");
}
