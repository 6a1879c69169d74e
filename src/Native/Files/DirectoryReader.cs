using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>Reads an open directory with getdents64(2), "." and ".." left out.</summary>
internal unsafe ref struct DirectoryReader(int directory)
{
    private const int Size = 32 * 1024;
    private readonly byte* buffer = (byte*)NativeMemory.Alloc(Size);
    private int filled;
    private int next;

    /// <summary>The name of the entry, valid until the next call.</summary>
    public byte* Name { get; private set; }

    /// <summary>What the entry is, where the file system says so.</summary>
    public FileKind Kind { get; private set; }

    /// <summary>Goes to the next entry; false at the end.</summary>
    public bool Next(string path)
    {
        do
        {
            if (next >= filled)
            {
                filled = (int)Entries.getdents64(directory, buffer, Size);
                next = 0;

                // ENOENT: the directory was removed while it was read (getdents(2)), so nothing is in it.
                if (filled == 0 || (filled < 0 && Marshal.GetLastPInvokeError() == (int)Errno.ENOENT)) return false;
                SystemCallException.Check(filled, "readdir", path);
            }

            // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
            byte* entry = buffer + next;
            next += *(ushort*)(entry + 16);
            Kind = (FileKind)(entry[18] << 12);
            Name = entry + 19;
        }
        while (Name[0] == '.' && (Name[1] == 0 || (Name[1] == '.' && Name[2] == 0)));

        return true;
    }

    /// <summary>Frees the buffer; the directory stays the caller's.</summary>
    public readonly void Dispose() => NativeMemory.Free(buffer);
}
