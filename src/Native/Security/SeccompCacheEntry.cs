using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Container.Native.Security;

/// <summary>
/// A file of <see cref="SeccompCache"/>: a header, the profile's key, the notes and the program.
/// </summary>
internal static class SeccompCacheEntry
{
    // "PSBPF" and the version of this layout and of the compiler's own decisions: raise it when either changes.
    private const ulong Magic = 0x5053425046_000004;

    /// <summary>
    /// The program in <paramref name="file"/> if it is whole and was compiled from <paramref name="key"/> by our version
    /// of the library; null otherwise.
    /// </summary>
    public static SeccompProgram? Read(ReadOnlySpan<byte> file, ReadOnlySpan<byte> key)
    {
        int headerSize = Unsafe.SizeOf<Header>();
        if (file.Length < headerSize) return null;
        Header header = MemoryMarshal.Read<Header>(file);
        ReadOnlySpan<byte> body = file[headerSize..];
        if (header.Magic != Magic || header.Architecture != (uint)RuntimeInformation.ProcessArchitecture) return null;
        long size = (long)header.KeyLength + header.NotesLength + header.ProgramLength;
        if (size != body.Length || header.ProgramLength % SeccompProgram.InstructionSize != 0) return null;
        if (header.Checksum != Checksum(header, body)) return null;

        if (!Take(ref body, header.KeyLength).SequenceEqual(key)) return null;
        ReadOnlySpan<byte> notes = Take(ref body, header.NotesLength);
        if (header.Library != SeccompCompiler.LibraryNumber) return null;
        string[] lines = notes.IsEmpty ? [] : Encoding.UTF8.GetString(notes).Split('\n');
        return new SeccompProgram(body.ToArray(), header.Flags, lines);
    }

    /// <summary>The file for <paramref name="program"/>.</summary>
    public static byte[] Write(SeccompProgram program, ReadOnlySpan<byte> key)
    {
        byte[] notes = Encoding.UTF8.GetBytes(string.Join('\n', program.Notes));
        var header = new Header
        {
            Magic = Magic,
            Architecture = (uint)RuntimeInformation.ProcessArchitecture,
            Flags = program.Flags,
            Library = SeccompCompiler.LibraryNumber,
            KeyLength = (uint)key.Length,
            NotesLength = (uint)notes.Length,
            ProgramLength = (uint)program.Instructions.Length,
        };
        byte[] body = [.. key, .. notes, .. program.Instructions];
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

    // Without a gap between fields: the checksum is of all its bytes.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Header
    {
        public ulong Magic;
        public uint Architecture;
        public uint Flags;
        public ulong Library;
        public uint KeyLength;
        public uint NotesLength;
        public uint ProgramLength;
        public ulong Checksum;
    }
}
