using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Upkeep;

public sealed partial class StorageService
{
    // What else is in these directories is not ours.
    private static readonly string[] State = ["containers", "names", "ids", "volumes", "secrets", "images"];
    private static readonly string[] Running = ["containers", "seccomp"];

    /// <summary>
    /// Removes every container, one that runs too, every image, volume and secret, and what has happened. The
    /// configuration stays. Stopped anywhere, it can be done again.
    /// </summary>
    public void Reset(CancellationToken cancellation = default)
    {
        containers.RemoveAll(cancellation);
        Remove(paths.RunRoot, Running, cancellation);
        Remove(paths.StateRoot, State, cancellation);
        RemoveEmpty(Path.Join(paths.RunRoot, "files"));
        if (!Directory.Exists(paths.StateRoot)) return;
        foreach (string log in Directory.EnumerateFiles(paths.StateRoot, "events.log*")) File.Delete(log);
    }

    private void Remove(string root, string[] names, CancellationToken cancellation)
    {
        foreach (string name in names.Where(name => Directory.Exists(Path.Join(root, name))))
        {
            try
            {
                using RootDirectory directory = paths.Files.Open(root);
                using (LockOf(Path.Join(root, name), cancellation)) directory.Remove(name);
            }
            catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
            {
                // Somebody else was faster.
            }
            catch (SystemCallException failure)
            {
                throw StoreFailure.Describe(failure, Path.Join(root, name));
            }
        }
    }

    // Removing may have started the process that reaches files for a user, which has its socket there until it has us as
    // its client; so has that of somebody else.
    private static void RemoveEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // It is not there, or in use.
        }
    }

    // Whoever works on images, volumes or secrets is waited for.
    private LockFile? LockOf(string directory, CancellationToken cancellation)
    {
        string? name = directory == paths.Images ? "lock"
            : directory == paths.Volumes || directory == paths.Secrets ? ".lock" : null;
        return name is null ? null : LockFile.Acquire(Path.Join(directory, name), exclusive: true, cancellation);
    }
}
