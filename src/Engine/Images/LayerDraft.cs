using Container.Engine.State;
using Container.Engine.Store;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images;

/// <summary>A layer that is being unpacked. Its lock tells other processes that somebody is at it.</summary>
internal sealed class LayerDraft : IDisposable
{
    public const string LockSuffix = ".lock";

    private readonly string parent;
    private readonly StoreFiles files;
    private readonly LockFile held;

    public LayerDraft(string parent, StoreFiles files)
    {
        this.parent = parent;
        this.files = files;
        Name = Guid.NewGuid().ToString("N");
        held = LockFile.TryAcquire(LockPath(Path)) ?? throw new InvalidOperationException(Path);
        EnginePaths.MakePrivate(System.IO.Path.Combine(Path, "tree"));
        Tree = files.Open(System.IO.Path.Combine(Path, "tree"));
        Tree.SetMode("/", 0x1ED);
    }

    public string Name { get; }

    public string Path => System.IO.Path.Combine(parent, Name);

    public RootDirectory Tree { get; }

    public void Dispose()
    {
        Tree.Dispose();
        using (RootDirectory temporary = files.Open(parent)) temporary.Remove(Name);
        File.Delete(LockPath(Path));
        held.Dispose();
    }

    /// <summary>Removes the directory of a draft whose process is gone.</summary>
    public static void RemoveIfStale(string directory, StoreFiles files)
    {
        using LockFile? free = LockFile.TryAcquire(LockPath(directory));
        if (free is null) return;
        try
        {
            using RootDirectory temporary = files.Open(System.IO.Path.GetDirectoryName(directory)!);
            temporary.Remove(System.IO.Path.GetFileName(directory));
        }
        catch (SystemCallException failure)
        {
            throw StoreFailure.Describe(failure, directory);
        }

        File.Delete(LockPath(directory));
    }

    private static string LockPath(string directory) => directory + LockSuffix;
}
