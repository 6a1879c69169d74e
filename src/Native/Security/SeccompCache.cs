using System.Globalization;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// Compiled filters kept in a directory, so that starting a container does not compile.
/// </summary>
/// <remarks>
/// A file is named by a fingerprint of the profile and holds the profile's whole key, which is compared: two profiles
/// can never be taken for each other. It also holds the version of libseccomp that compiled it. The directory must belong
/// to us and be writable by nobody else, as what is in it decides what containers may do: otherwise it is not used. A
/// cache that cannot be used costs time, it is never an error.
/// </remarks>
public sealed unsafe class SeccompCache
{
    private const int FileLimit = 1 << 20;

    private readonly string directory;

    /// <summary>Uses <paramref name="directory"/>, which is made (mode 0700) when something is first written.</summary>
    public SeccompCache(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        this.directory = directory;
    }

    /// <summary>The filter for <paramref name="profile"/>, compiled only if it is not there yet.</summary>
    /// <exception cref="DocumentException">The profile has something we do not know.</exception>
    /// <exception cref="SeccompException">libseccomp is missing or cannot express the profile.</exception>
    public SeccompProgram GetOrCompile(OciSeccomp profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        byte[] key = SeccompKey.Create(profile);
        string name = $"{SeccompKey.Fingerprint(key):x16}.bpf";
        if (TryRead(name, key) is { } cached) return cached;
        SeccompProgram program = SeccompCompiler.Compile(profile);
        TryWrite(name, program, key);
        return program;
    }

    private SeccompProgram? TryRead(string name, byte[] key)
    {
        using FileDescriptor? cache = TryOpenDirectory();
        if (cache is null) return null;
        int fd = FileCalls.openat(
            cache.Number, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC, 0);
        if (fd < 0) return null;
        using var file = new FileDescriptor(fd);
        if (!IsOurs(file, FileCalls.S_IFREG)) return null;
        try
        {
            return SeccompCacheEntry.Read(FileCalls.ReadAll(file, FileLimit, name), key);
        }
        catch (SystemCallException)
        {
            return null;
        }
    }

    private void TryWrite(string name, SeccompProgram program, byte[] key)
    {
        try
        {
            MakeDirectory();
            using FileDescriptor? cache = TryOpenDirectory();
            if (cache is null) return;
            Replace(cache, name, SeccompCacheEntry.Write(program, key));
        }
        catch (SystemCallException)
        {
            // A full or read-only file system: the next start compiles again.
        }
    }

    // No fsync: after a crash of the machine a damaged file is recognised and compiled anew.
    private static void Replace(FileDescriptor cache, string name, byte[] content)
    {
        // One name per thread that writes: what a killed process left is overwritten by the next with its id.
        string temporary = string.Create(
            CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}");
        _ = FileCalls.unlinkat(cache.Number, temporary, 0);
        using (FileDescriptor file = FileCalls.Open(
            temporary, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW, 0x180, cache)) // 0600
        {
            FileCalls.WriteAll(file.Number, content, temporary);
        }

        if (FileCalls.renameat2(cache.Number, temporary, cache.Number, name, 0) == 0) return;
        SystemCallException failure = SystemCallException.Last("rename", name);
        _ = FileCalls.unlinkat(cache.Number, temporary, 0);
        throw failure;
    }

    private void MakeDirectory()
    {
        for (int end = directory.IndexOf('/', 1); end > 0; end = directory.IndexOf('/', end + 1))
        {
            _ = FileCalls.mkdirat(FileCalls.AT_FDCWD, directory[..end], 0x1ED); // 0755
        }

        _ = FileCalls.mkdirat(FileCalls.AT_FDCWD, directory, 0x1C0); // 0700
    }

    private FileDescriptor? TryOpenDirectory()
    {
        int fd = FileCalls.openat(
            FileCalls.AT_FDCWD, directory, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC, 0);
        if (fd < 0) return null;
        var opened = new FileDescriptor(fd);
        if (IsOurs(opened, FileCalls.S_IFDIR)) return opened;
        opened.Dispose();
        return null;
    }

    private static bool IsOurs(FileDescriptor file, uint type)
    {
        FileStatus status;
        int result = FileCalls.statx(file.Number, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status);
        const uint OthersMayWrite = 0x12; // 0022
        return result == 0 && status.Type == type && status.Uid == Users.geteuid()
            && (status.Mode & OthersMayWrite) == 0;
    }
}
