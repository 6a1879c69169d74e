using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>A user's home by passwd(5), in a file of the container: it may be anything, and as long as it likes.</summary>
internal static unsafe partial class LaunchRunner
{
    /// <summary>Writes what it finds over <paramref name="home"/>; what is no such file leaves that as it is.</summary>
    private static long FindHome(int root, byte* path, uint user, byte* home, int size, int walk)
    {
        // To open a device is to do something with it, so it is looked at first. In a running container another file may
        // be there a moment later: then a FIFO does not block, and nothing is read of it.
        int found = RootWalk.Open(root, path, FileCalls.O_PATH, 0, walk);
        if (found < 0) return 0;
        bool isFile = SizeOfFile(found) > 0;
        RawFiles.Close(found);
        if (!isFile) return 0;
        int file = RootWalk.Open(root, path, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY, 0, walk);
        if (file < 0) return 0;
        long length = SizeOfFile(file);
        if (length > 0 && IsStored(file)) ReadHome(file, length, user, home, size);
        RawFiles.Close(file);
        return 0;
    }

    // Files that the kernel makes up when they are read have no size: /proc/kmsg, which a read empties, is one.
    private static long SizeOfFile(int descriptor)
    {
        FileStatus* status = stackalloc FileStatus[1];
        bool isFile = Status(descriptor, status) == 0 && (status->Mode & FileCalls.S_IFMT) == FileCalls.S_IFREG;
        return isFile ? (long)status->Size : 0;
    }

    // Those of sysfs do have one, and a read may reach into a device.
    private static bool IsStored(int descriptor)
    {
        const int StatusWords = 16;

        long* status = stackalloc long[StatusWords];
        return RawFiles.FileSystem(descriptor, status) == 0 && !FileSystems.IsGenerated(status[0]);
    }

    private static void ReadHome(int file, long length, uint user, byte* home, int size)
    {
        const int BufferSize = 4096;
        const long Most = 16 * 1024 * 1024;

        byte* buffer = stackalloc byte[BufferSize];
        PasswordLine* line = stackalloc PasswordLine[1];
        line->User = user;
        line->Home = home;
        line->Size = size;
        PasswordLine.Begin(line);
        if (length > Most) length = Most;
        while (length > 0)
        {
            long count = RawCall.Invoke(SystemCallNumber.read, file, (nint)buffer, BufferSize);
            if (count <= 0) break;
            for (long i = 0; i < count; i++)
            {
                if (PasswordLine.Take(line, buffer[i])) return;
            }

            length -= count;
        }

        PasswordLine.Take(line, (byte)'\n');
    }
}
