using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Files that live in memory only: memfd_create(2) and the seals of fcntl(2).</summary>
internal static partial class Memfd
{
    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_ALLOW_SEALING = 2;
    public const uint MFD_EXEC = 0x10;

    public const int F_ADD_SEALS = 1033;
    public const int F_GET_SEALS = 1034;
    public const int F_SEAL_SEAL = 1;
    public const int F_SEAL_SHRINK = 2;
    public const int F_SEAL_GROW = 4;
    public const int F_SEAL_WRITE = 8;

    /// <summary>Makes an empty close-on-exec file in memory; <paramref name="name"/> shows in /proc only.</summary>
    public static FileDescriptor Create(string name, uint flags = 0) =>
        new(SystemCallException.Check(memfd_create(name, flags | MFD_CLOEXEC), "memfd_create", name));

    /// <summary>Makes a program of <paramref name="content"/> that nobody can change any more.</summary>
    public static FileDescriptor CreateProgram(string name, ReadOnlySpan<byte> content)
    {
        FileDescriptor file = CreateExecutable(name);
        try
        {
            Files.WriteAll(file.Number, content, name);
            Seal(file, name);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>An empty file that may be executed and sealed.</summary>
    public static FileDescriptor CreateExecutable(string name)
    {
        int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

        // Before Linux 6.3 there is no such flag, and every such file may be executed.
        bool old = fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINVAL;
        return old
            ? Create(name, MFD_ALLOW_SEALING)
            : new FileDescriptor(SystemCallException.Check(fd, "memfd_create", name));
    }

    /// <summary>From here on the file cannot be written, grown or shrunk, and the seals cannot be removed.</summary>
    public static void Seal(FileDescriptor file, string name)
    {
        const int All = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
        SystemCallException.Check(Files.fcntl(file.Number, F_ADD_SEALS, All), "fcntl(F_ADD_SEALS)", name);
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendfile(int target, int source, nint offset, nuint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);
}
