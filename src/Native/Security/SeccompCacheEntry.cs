using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// A file of <see cref="SeccompCache"/>: a header, the library's path, the profile's key, the notes and the program.
/// </summary>
internal static class SeccompCacheEntry
{
    // "PSBPF" and the version of this layout and of the compiler's own decisions: raise it when either changes.
    private const ulong Magic = 0x5053425046_000002;

    /// <summary>
    /// The program in <paramref name="file"/> if it is whole, was compiled from <paramref name="key"/> and the library
    /// that compiled it is still the same file; null otherwise.
    /// </summary>
    public static SeccompProgram? Read(ReadOnlySpan<byte> file, ReadOnlySpan<byte> key)
    {
        int headerSize = Unsafe.SizeOf<Header>();
        if (file.Length < headerSize) return null;
        Header header = MemoryMarshal.Read<Header>(file);
        ReadOnlySpan<byte> body = file[headerSize..];
        if (header.Magic != Magic || header.Architecture != (uint)RuntimeInformation.ProcessArchitecture) return null;
        long size = (long)header.PathLength + header.KeyLength + header.NotesLength + header.ProgramLength;
        if (size != body.Length || header.ProgramLength % SeccompProgram.InstructionSize != 0) return null;
        if (header.Checksum != Checksum(header, body)) return null;

        ReadOnlySpan<byte> path = Take(ref body, header.PathLength);
        if (!Take(ref body, header.KeyLength).SequenceEqual(key)) return null;
        ReadOnlySpan<byte> notes = Take(ref body, header.NotesLength);
        if (!LibraryStamp.TryRead(Encoding.UTF8.GetString(path), out LibraryStamp library)) return null;
        if (library != header.Library) return null;
        string[] lines = notes.IsEmpty ? [] : Encoding.UTF8.GetString(notes).Split('\n');
        return new SeccompProgram(body.ToArray(), header.Flags, lines);
    }

    /// <summary>The file for <paramref name="program"/>.</summary>
    public static byte[] Write(SeccompProgram program, ReadOnlySpan<byte> key, string libraryPath, LibraryStamp library)
    {
        byte[] path = Encoding.UTF8.GetBytes(libraryPath);
        byte[] notes = Encoding.UTF8.GetBytes(string.Join('\n', program.Notes));
        var header = new Header
        {
            Magic = Magic,
            Architecture = (uint)RuntimeInformation.ProcessArchitecture,
            Flags = program.Flags,
            Library = library,
            PathLength = (uint)path.Length,
            KeyLength = (uint)key.Length,
            NotesLength = (uint)notes.Length,
            ProgramLength = (uint)program.Instructions.Length,
        };
        byte[] body = [.. path, .. key, .. notes, .. program.Instructions];
        header.Checksum = Checksum(header, body);
        byte[] file = new byte[Unsafe.SizeOf<Header>() + body.Length];
        MemoryMarshal.Write(file, header);
        body.CopyTo(file.AsSpan(Unsafe.SizeOf<Header>()));
        return file;
    }

    private static ulong Checksum(Header header, ReadOnlySpan<byte> body)
    {
        header.Checksum = SeccompKey.Fingerprint(body);
        return SeccompKey.Fingerprint(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> body, uint length)
    {
        ReadOnlySpan<byte> part = body[..(int)length];
        body = body[(int)length..];
        return part;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public ulong Magic;
        public uint Architecture;
        public uint Flags;
        public LibraryStamp Library;
        public uint PathLength;
        public uint KeyLength;
        public uint NotesLength;
        public uint ProgramLength;
        public ulong Checksum;
    }

    /// <summary>What tells one version of a library's file from another.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct LibraryStamp(ulong Inode, ulong Size, long Seconds, ulong Nanoseconds)
    {
        public static unsafe bool TryRead(string path, out LibraryStamp stamp)
        {
            FileStatus status;
            if (Files.statx(Files.AT_FDCWD, path, 0, FileStatus.STATX_BASIC_STATS, &status) < 0)
            {
                stamp = default;
                return false;
            }

            // The change time, not the modification time: a package manager sets the latter to that of the archive.
            stamp = new LibraryStamp(
                status.Inode, status.Size, status.ChangeTime.Seconds, status.ChangeTime.Nanoseconds);
            return true;
        }
    }
}
