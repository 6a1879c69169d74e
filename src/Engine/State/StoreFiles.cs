using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Engine.State;

/// <summary>
/// The way to files of containers: layers, volumes, what a container wrote. Root opens them; for an ordinary user, to
/// whom most of them do not belong, a process in the user's own namespace does (<see cref="FileAgent"/>). There is one
/// for all of this process, started when it is needed first; it goes with this process.
/// </summary>
internal sealed class StoreFiles(EnginePaths paths)
{
    private static readonly Lock s_access = new();
    private static FileAgent? s_agent;

    /// <summary>Opens a directory; the path to it is trusted.</summary>
    public RootDirectory Open(string path) =>
        UserIds.Current is { } ids ? Agent(ids).OpenRoot(path) : RootDirectory.Open(path);

    /// <summary>What layers show together, read-only.</summary>
    public RootDirectory OpenLayers(IReadOnlyList<string> layers) =>
        UserIds.Current is { } ids ? Agent(ids).OpenLayers(layers, null) : OnOwnThread(() => LayerMount.Open(layers));

    /// <summary>The same with a directory on top that takes changes.</summary>
    public RootDirectory OpenWritable(IReadOnlyList<string> layers, string directory) => UserIds.Current is { } ids
        ? Agent(ids).OpenLayers(layers, directory)
        : OnOwnThread(() => LayerMount.OpenWritable(layers, directory));

    /// <summary>
    /// The root of a process of a container. Whoever made the user namespace that the container's is in may look into
    /// it (user_namespaces(7)); the agent, which is in another one, gets it as a descriptor.
    /// </summary>
    public RootDirectory OpenRoot(int pid)
    {
        string path = $"/proc/{pid}/root";
        if (UserIds.Current is not { } ids) return RootDirectory.Open(path);
        using RootDirectory root = RootDirectory.Open(path);
        return RootDirectory.FromDescriptor(root.Descriptor.Duplicate(), Agent(ids));
    }

    // Where the kernel takes layers by name only, the thread is in another mount namespace meanwhile, and has a working
    // directory of its own ever after.
    private static RootDirectory OnOwnThread(Func<RootDirectory> open) =>
        Task.Factory.StartNew(open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .GetAwaiter().GetResult();

    private FileAgent Agent(UserIds ids)
    {
        lock (s_access)
        {
            if (s_agent is { IsAlive: true } running) return running;
            s_agent?.Dispose();
            s_agent = Start(ids);
            return s_agent;
        }
    }

    private FileAgent Start(UserIds ids)
    {
        string directory = Path.Combine(paths.RunFiles(), Guid.NewGuid().ToString("N"));
        EnginePaths.MakePrivate(directory);
        try
        {
            MonitorProcess.StartUnshared(paths, ids, ["files", "--directory", directory], CancellationToken.None);
            return FileAgent.Connect(directory);
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, directory);
        }
        finally
        {
            // It takes one client, and removes its socket then.
            Remove(directory);
        }
    }

    private static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody cleared the run directory.
        }
    }
}
