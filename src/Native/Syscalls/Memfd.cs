using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Files that live in memory only: memfd_create(2) and the seals of fcntl(2).</summary>
internal static unsafe partial class Memfd
{
    private const uint MFD_EXEC = 0x10;

    public static uint MFD_ALLOW_SEALING => LibC.MFD_ALLOW_SEALING;

    public static int F_GET_SEALS => LibC.F_GET_SEALS;
    public static int F_SEAL_WRITE => LibC.F_SEAL_WRITE;

    /// <summary>What <see cref="Seal"/> adds.</summary>
    public static int AllSeals =>
        LibC.F_SEAL_SEAL | LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE;

    /// <summary>Makes an empty close-on-exec file in memory; <paramref name="name"/> shows in /proc only.</summary>
    public static FileDescriptor Create(string name, uint flags = 0) =>
        new(SystemCallException.Check(memfd_create(name, flags | LibC.MFD_CLOEXEC), "memfd_create", name));

    /// <summary>Makes a program of <paramref name="content"/> that nobody can change any more.</summary>
    public static FileDescriptor CreateProgram(string name, ReadOnlySpan<byte> content)
    {
        FileDescriptor file = CreateExecutable(name);
        try
        {
            FileCalls.WriteAll(file.Number, content, name);
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
        int fd = memfd_create(name, LibC.MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

        // Before Linux 6.3 there is no such flag, and every such file may be executed.
        bool old = fd < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINVAL;
        return old
            ? Create(name, MFD_ALLOW_SEALING)
            : new FileDescriptor(SystemCallException.Check(fd, "memfd_create", name));
    }

    /// <summary>From here on the file cannot be written, grown or shrunk, and the seals cannot be removed.</summary>
    public static void Seal(FileDescriptor file, string name) => SystemCallException.Check(
        FileCalls.fcntl(file.Number, LibC.F_ADD_SEALS, AllSeals), "fcntl(F_ADD_SEALS)", name);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendfile(int target, int source, nint offset, nuint count);

    private static int memfd_create(string name, uint flags)
    {
        using CText text = new(name, stackalloc byte[CText.BufferSize]);
        return LibC.memfd_create(text.Start, flags);
    }
}
