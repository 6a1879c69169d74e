using System.Text;
using Container.Native.Mounts;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>One walk of <see cref="TrustedPath"/> from the root, by descriptors: what is judged is what is open.</summary>
internal sealed unsafe class TrustedWalk : IDisposable
{
    // As many as the kernel follows (path_resolution(7)).
    private const int MaximumLinks = 40;
    private const int PathSize = 4096;
    private const uint Private = 0x1C0;
    private const uint Sticky = 0x200;
    private const uint OthersMayWrite = 0x12;

    // kernel.overflowuid, which nobody has changed.
    private const uint Nobody = 65534;

    private readonly List<FileDescriptor> directories = [];
    private readonly string path;
    private readonly bool claim;
    private string rest;
    private int links;
    private bool isShared;

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
        Enter(Files.Open("/", Files.O_PATH | Files.O_DIRECTORY));
        while (Next() is { } name)
        {
            if (name == "..")
            {
                if (directories.Count > 1) Leave();
                isShared = (directories[^1].GetMetadata(path).Mode & OthersMayWrite) != 0;
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
        if (claim && isShared) throw new UntrustedPathException(path, path, "can be written by others than root");
        return true;
    }

    public void Dispose()
    {
        foreach (FileDescriptor directory in directories) directory.Dispose();
    }

    private void Leave()
    {
        directories[^1].Dispose();
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
        int directory = directories[^1].Number;
        while (true)
        {
            int fd = Files.openat(directory, name, Files.O_PATH | Files.O_NOFOLLOW | Files.O_CLOEXEC, 0);
            if (fd >= 0) return new FileDescriptor(fd);
            SystemCallException failure = SystemCallException.Last("open", path);
            if (failure.Errno == Errno.ENOTDIR) return null;
            if (failure.Errno != Errno.ENOENT) throw failure;
            if (!claim || !isShared) return null;
            if (Files.mkdirat(directory, name, Private) == 0) continue;
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
                throw new UntrustedPathException(path, Files.ReadLink($"/proc/self/fd/{entry.Number}") ?? path, problem);
            if (found.Kind == FileKind.SymbolicLink)
            {
                Follow(entry);
                return;
            }

            isShared = (found.Mode & OthersMayWrite) != 0;
            directories.Add(entry);
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
            Files.readlinkat(link.Number, "", buffer, PathSize), "readlink", path);
        string target = Encoding.UTF8.GetString(buffer, (int)length);
        rest = target + "/" + rest;
        while (target is ['/', ..] && directories.Count > 1) Leave();
    }

    private static string? FindProblem(FileDescriptor entry, FileMetadata found)
    {
        // What belongs to none of a user namespace's ids is of the world outside, where there is no root to deceive.
        if (found.Uid != 0 && (found.Uid != Nobody || UserNamespace.IsInitial)) return $"belongs to user {found.Uid}";
        bool isSticky = found.Kind == FileKind.Directory && (found.Mode & Sticky) != 0;
        if (found.Kind != FileKind.SymbolicLink && (found.Mode & OthersMayWrite) != 0 && !isSticky)
            return "can be written by others than root";

        // A magic link leads elsewhere than its text says (proc(5)), and nothing that is stored lies there.
        if (FileSystems.Type(entry, "/proc") == FileSystems.PROC_SUPER_MAGIC) return "is a file of /proc";

        // There a user's own program says what belongs to whom (fuse(4)).
        return HostMounts.IsOfUser(entry, found.MountId) ? "is on a file system that a user has mounted" : null;
    }
}
