using System.Text;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Trust;

/// <summary>One walk of <see cref="TrustedPath"/> from the root, by descriptors: what is judged is what is open.</summary>
internal sealed unsafe class TrustedWalk : IDisposable
{
    // As many as the kernel follows (path_resolution(7)).
    private const int MaximumLinks = 40;
    private const int PathSize = 4096;
    private const uint Private = 0x1C0;
    private const uint Sticky = 0x200;
    private const uint OthersMayWrite = 0x12;

    private readonly List<(FileDescriptor File, bool IsShared)> directories = [];
    private readonly string path;
    private readonly bool claim;
    private string rest;
    private int links;
    private ulong? trustedMount;

    /// <param name="path">Where to, from the root.</param>
    /// <param name="claim">Whether a directory that others could make is made.</param>
    public TrustedWalk(string path, bool claim)
    {
        this.path = path;
        this.claim = claim;
        rest = path;
    }

    /// <summary>Goes to the end; false where something is missing.</summary>
    public bool Run()
    {
        Enter(FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY));
        while (Next() is { } name)
        {
            if (name == "..")
            {
                if (directories.Count > 1) Leave();
            }
            else if (Open(name) is { } entry)
            {
                Enter(entry);
            }
            else
            {
                return false;
            }
        }

        // What others put into it, in a sticky one too, would be taken for ours.
        if (claim && IsShared) throw new UntrustedPathException(path, path, "can be written by others than root");
        return true;
    }

    public void Dispose()
    {
        foreach ((FileDescriptor directory, _) in directories) directory.Dispose();
    }

    // Whether others may put something where the walk is.
    private bool IsShared => directories is [.., { IsShared: true }];

    private void Leave()
    {
        directories[^1].File.Dispose();
        directories.RemoveAt(directories.Count - 1);
    }

    private string? Next()
    {
        while (true)
        {
            rest = rest.TrimStart('/');
            if (rest.Length == 0) return null;
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            string name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? "" : rest[slash..];
            if (name != ".") return name;
        }
    }

    private FileDescriptor? Open(string name)
    {
        int directory = directories[^1].File.Number;
        while (true)
        {
            int fd = FileCalls.openat(directory, name, FileCalls.O_PATH | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
            if (fd >= 0) return new FileDescriptor(fd);
            SystemCallException failure = SystemCallException.Last("open", path);
            if (failure.Errno == Errno.ENOTDIR) return null;
            if (failure.Errno != Errno.ENOENT) throw failure;
            if (!claim || !IsShared) return null;
            if (FileCalls.mkdirat(directory, name, Private) == 0) continue;
            failure = SystemCallException.Last("mkdir", path);
            if (failure.Errno != Errno.EEXIST) throw failure;
        }
    }

    private void Enter(FileDescriptor entry)
    {
        bool kept = false;
        try
        {
            FileMetadata found = entry.GetMetadata(path);
            if (FindProblem(entry, found) is { } problem)
                throw new UntrustedPathException(path, FileCalls.ReadLink($"/proc/self/fd/{entry.Number}") ?? path, problem);
            if (found.Kind == FileKind.SymbolicLink)
            {
                Follow(entry);
                return;
            }

            directories.Add((entry, (found.Mode & OthersMayWrite) != 0));
            kept = true;
        }
        finally
        {
            if (!kept) entry.Dispose();
        }
    }

    private void Follow(FileDescriptor link)
    {
        if (++links > MaximumLinks) throw new SystemCallException("open", path, Errno.ELOOP);
        byte* buffer = stackalloc byte[PathSize];
        long length = SystemCallException.Check(
            FileCalls.readlinkat(link.Number, "", buffer, PathSize), "readlink", path);
        string target = Encoding.UTF8.GetString(buffer, (int)length);
        rest = target + "/" + rest;
        while (target is ['/', ..] && directories.Count > 1) Leave();
    }

    /// <summary>Refuses what is not root's alone.</summary>
    public static void Require(FileMetadata found, string path)
    {
        if (found.Uid != 0) throw new UntrustedPathException(path, path, $"belongs to user {found.Uid}");
        if (found.Kind != FileKind.SymbolicLink && (found.Mode & OthersMayWrite) != 0)
            throw new UntrustedPathException(path, path, "can be written by others than root");
    }

    private string? FindProblem(FileDescriptor entry, FileMetadata found)
    {
        // A link and a socket stay what they are: their directory says who has put them there.
        bool isFixed = found.Kind is FileKind.SymbolicLink or FileKind.Socket;
        bool isDirectorys = isFixed && found.Uid == UnmappedOwner.Nobody && !UserNamespace.IsInitial && !IsShared;
        if (found.Uid != 0 && !isDirectorys && !UnmappedOwner.Is(entry, found)) return $"belongs to user {found.Uid}";
        bool isSticky = found.Kind == FileKind.Directory && (found.Mode & Sticky) != 0;

        // To write to a socket is to connect to who has made it.
        if (!isFixed && (found.Mode & OthersMayWrite) != 0 && !isSticky)
            return "can be written by others than root";

        // A magic link leads elsewhere than its text says (proc(5)), and nothing that is stored lies there.
        if (FileSystems.Type(entry, "/proc") == FileSystems.PROC_SUPER_MAGIC) return "is a file of /proc";

        // There a user's own program or disk says what belongs to whom (fuse(4)).
        if (found.MountId == trustedMount) return null;
        if (HostMounts.IsOfUser(entry, found.MountId)) return "is on a file system that a user has or may have mounted";
        trustedMount = found.MountId;
        return null;
    }
}
