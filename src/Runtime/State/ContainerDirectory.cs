using Container.Native.Cgroups;
using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Messages;

namespace Container.Runtime.State;

/// <summary>
/// The directory of one container below --root. It holds state.json, a copy of config.json, the lock, and between
/// create and start the socket on which the container's process waits.
/// </summary>
internal sealed class ContainerDirectory
{
    /// <summary>The socket on which a created container waits; start removes it.</summary>
    public const string StartSocket = "start.sock";

    /// <summary>Its name until the container is created, which the other name says.</summary>
    public const string StartingSocket = "starting.sock";

    private const int MaximumState = 16 * 1024 * 1024;
    private const uint Private = 0x1C0;

    private static readonly string[] s_files =
        ["lock", "config.json", "state.json", "notify", StartSocket, StartingSocket];

    // We hold the lock: to ask for it again would give it up, as closing any descriptor of the file does (fcntl(2)).
    private bool isLocked;

    private ContainerDirectory(string path, string id, StoredState state)
    {
        Path = path;
        Id = id;
        State = state;
    }

    public string Path { get; }

    public string Id { get; }

    public StoredState State { get; private set; }

    /// <summary>A new directory, which must not exist, with its lock.</summary>
    public static (ContainerDirectory Directory, ContainerLock Lock) Create(string root, string id)
    {
        ContainerId.Check(id);
        MakeRoot(root);
        string path = $"{root}/{id}";
        bool made = FileCalls.mkdirat(FileCalls.AT_FDCWD, path, Private) == 0;
        if (!made && SystemCallException.Last("mkdir", path) is { Errno: not Errno.EEXIST } failure) throw failure;
        if (!made) TrustedFile.Require(path);
        if (!made && !IsOurs(path)) throw Exists(id);

        // What a create that was killed at once has left, has no state: the id is free again.
        ContainerLock? taken = TryAcquire(path, made);
        if (taken is not null && (made || !FileCalls.Exists(path + "/state.json")))
            return (new ContainerDirectory(path, id, new StoredState()) { isLocked = true }, taken);
        taken?.Dispose();
        throw Exists(id);
    }

    /// <summary>The directory of a container that exists.</summary>
    public static ContainerDirectory Open(string root, string id)
    {
        ContainerId.Check(id);
        return TryOpen(root, id) ?? throw new RuntimeException($"container '{id}' does not exist");
    }

    /// <summary>The directory of a container, or null where there is none with a state.</summary>
    public static ContainerDirectory? TryOpen(string root, string id)
    {
        string path = $"{root}/{id}";
        if (TrustedFile.Read(path + "/state.json", MaximumState) is not { } json) return null;
        try
        {
            return new ContainerDirectory(path, id, new JsonSource(json, OciDocument.MaxDepth).Document<StoredState>());
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{path}/state.json: {failure.Message}");
        }
    }

    /// <summary>
    /// Removes what is left of a container that has no state; false where there is nothing. Whoever is making the
    /// container right now holds the lock: then it has a state when we get it, and is left alone. A directory that
    /// psrun has not made is not touched: --root may be any directory of root's.
    /// </summary>
    public static bool RemoveRemains(string root, string id)
    {
        string path = $"{root}/{id}";
        if (!FileCalls.Exists(path)) return false;
        TrustedFile.Require(path);
        if (!IsOurs(path)) return false;
        ContainerLock taken;
        try
        {
            taken = ContainerLock.Acquire(path);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }

        using (taken)
        {
            if (FileCalls.Exists(path + "/state.json")) return false;
            new ContainerDirectory(path, id, new StoredState()).Remove();
            return true;
        }
    }

    /// <summary>Waits for the lock and reads the state again, which may have changed meanwhile.</summary>
    public ContainerLock Lock(string root) =>
        TryLock(root) ?? throw new RuntimeException($"container '{Id}' does not exist");

    /// <summary>The same; null where the container has been deleted meanwhile.</summary>
    public ContainerLock? TryLock(string root)
    {
        ContainerLock taken;
        try
        {
            taken = ContainerLock.Acquire(Path);
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            return null;
        }

        if (TryOpen(root, Id) is { } current)
        {
            State = current.State;
            isLocked = true;
            return taken;
        }

        taken.Dispose();
        return null;
    }

    /// <summary>Replaces the state. It is not flushed: what it describes ends with the host.</summary>
    public void Write(StoredState state)
    {
        AtomicFile.Write(Path + "/state.json", JsonSink.Document(state, indented: false), flush: false);
        State = state;
    }

    /// <summary>Keeps the configuration as it was when the container was made.</summary>
    public void WriteConfiguration(ReadOnlySpan<byte> json) =>
        AtomicFile.Write(Path + "/config.json", json, flush: false);

    /// <summary>The configuration the container was made with.</summary>
    public OciSpec ReadConfiguration()
    {
        string path = Path + "/config.json";
        byte[] json = TrustedFile.Read(path, OciDocument.MaxLength) ?? throw new RuntimeException($"{path} is missing");
        return OciDocument.ReadSpec(json);
    }

    /// <summary>The container's cgroup, or null where it has none; the caller disposes of it.</summary>
    public CgroupManager? OpenCgroup()
    {
        if (State.Cgroup is not { } path) return null;
        CgroupOptions options = new()
        {
            AllowUnwritable = !UserNamespace.IsRootOfHost,
            Annotations = State.Annotations,
        };
        return State.SystemdScope is { } scope
            ? CgroupManager.OpenScope(scope, path, options)
            : CgroupManager.Open(path, options);
    }

    /// <summary>
    /// Where the container is in its life: creating, created, running, stopped, and never back. That its program runs the
    /// kernel says; that it is created, the socket it waits on; that it will be, the lock of who makes it. They come in this
    /// order, so they are asked in the other one, and what was read before the last is read again.
    /// </summary>
    public ContainerStatus GetStatus()
    {
        ContainerStatus? known = FindStatus();
        if (known is null && !isLocked)
        {
            if (ContainerLock.IsHeld(Path)) return ContainerStatus.Creating;

            // Nobody makes it any more: it was made since we looked, or never will be.
            if (TryOpen(Path[..Path.LastIndexOf('/')], Id) is { } current)
            {
                State = current.State;
                known = FindStatus();
            }
        }

        if (known is { } status and not ContainerStatus.Running) return status;
        if (known is null) return ContainerStatus.Stopped;
        using CgroupManager? cgroup = OpenCgroup();
        return cgroup is { Exists: true, IsFrozen: true } ? ContainerStatus.Paused : ContainerStatus.Running;
    }

    // Null for one that is being made, or was when whoever made it was killed.
    private ContainerStatus? FindStatus()
    {
        if (State.FindProcess(out bool isPreparing) is null)
            return State.Pid == 0 ? null : ContainerStatus.Stopped;
        if (!isPreparing) return ContainerStatus.Running;
        if (FileCalls.Exists($"{Path}/{StartSocket}")) return ContainerStatus.Created;

        // start takes the socket away when the program has been executed.
        if (State.FindProcess(out isPreparing) is null) return ContainerStatus.Stopped;
        return isPreparing ? null : ContainerStatus.Running;
    }

    /// <summary>The state as hooks and <c>state</c> see it.</summary>
    public OciState Describe(ContainerStatus status) => new()
    {
        OciVersion = State.OciVersion,
        Id = Id,
        Status = StatusText.Of(status),
        Pid = status == ContainerStatus.Stopped ? 0 : State.Pid,
        Bundle = State.Bundle,
        Annotations = State.Annotations,
    };

    /// <summary>The user whose container it is.</summary>
    public uint GetOwner()
    {
        try
        {
            using FileDescriptor directory = FileCalls.Open(Path, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
            return directory.GetMetadata(Path).Uid;
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT)
        {
            throw new RuntimeException($"container '{Id}' does not exist");
        }
    }

    /// <summary>Removes the directory and all in it.</summary>
    public void Remove()
    {
        int slash = Path.LastIndexOf('/');
        using RootDirectory root = RootDirectory.Open(Path[..slash]);
        root.Remove(Path[(slash + 1)..]);
    }

    private static ContainerLock? TryAcquire(string path, bool made)
    {
        try
        {
            return ContainerLock.TryAcquire(path);
        }
        catch (SystemCallException) when (made)
        {
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, path + "/lock", 0);
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, path, FileCalls.AT_REMOVEDIR);
            throw;
        }
    }

    // As it is made, with nothing in it but what a create writes before there is a state.
    private static bool IsOurs(string path)
    {
        try
        {
            using RootDirectory directory = RootDirectory.Open(path);
            if ((directory.GetMetadata(".").Mode & 0x1FF) != Private) return false;
            foreach (RootEntry entry in directory.Enumerate("."))
            {
                bool isDraft = entry.Name[0] == '.' && entry.Name.EndsWith(".tmp", StringComparison.Ordinal);
                if (!isDraft && Array.IndexOf(s_files, entry.Name) < 0) return false;
            }

            return true;
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }
    }

    private static RuntimeException Exists(string id) => new($"container '{id}' already exists");

    private static void MakeRoot(string root)
    {
        for (int i = 1; i <= root.Length; i++)
        {
            if (i < root.Length && root[i] != '/') continue;
            if (FileCalls.mkdirat(FileCalls.AT_FDCWD, root[..i], Private) == 0) continue;
            SystemCallException failure = SystemCallException.Last("mkdir", root[..i]);
            if (failure.Errno != Errno.EEXIST) throw failure;
        }
    }
}
