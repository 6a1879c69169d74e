using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>
/// A lock that other processes see: flock(2) on a file, given back by Dispose or by the kernel when the process ends.
/// The descriptor is close-on-exec, so no child keeps it.
/// </summary>
public sealed class LockFile : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private readonly FileDescriptor file;

    private LockFile(FileDescriptor file) => this.file = file;

    /// <summary>Waits for the lock, at most a minute.</summary>
    /// <param name="path">The lock file; it is made if missing, its directory must exist.</param>
    /// <param name="exclusive">Whether nobody else may hold it, or other shared holders may.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static LockFile Acquire(string path, bool exclusive = true, CancellationToken cancellation = default) =>
        Acquire(path, exclusive, Bound, cancellation);

    /// <summary>Waits for the lock, at most <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Acquire(string, bool, CancellationToken)"/>
    public static LockFile Acquire(string path, bool exclusive, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        int pause = 1;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path, exclusive) is { } held) return held;
            if (Environment.TickCount64 >= deadline)
            {
                throw new EngineException(
                    ErrorId.WaitTimeout,
                    $"The lock '{path}' is held by another process for longer than {timeout.TotalSeconds:0} s.",
                    "Look for a process of the Container module that hangs (fuser, /proc/locks).",
                    path);
            }

            cancellation.WaitHandle.WaitOne(pause);
            pause = Math.Min(pause * 2, 50);
        }
    }

    /// <summary>Takes the lock if it is free.</summary>
    public static LockFile? TryAcquire(string path, bool exclusive = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        try
        {
            using RootDirectory directory = RootDirectory.Open(Path.GetDirectoryName(path) ?? "/");
            FileDescriptor file = directory.OpenOrCreateFile(name, 0x180);
            try
            {
                // The holder before may have removed the object and its lock with it: then this is a lock on nothing.
                if (file.TryLock(exclusive, path) && directory.FindMetadata(name) is { } now
                    && now.Inode == file.GetMetadata(path).Inode)
                {
                    return new LockFile(file);
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            return null;
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, path);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => file.Dispose();
}
