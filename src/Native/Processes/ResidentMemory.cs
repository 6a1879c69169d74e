using System.Buffers.Text;
using System.Runtime.InteropServices;
using Container.Native.Files;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Processes;

/// <summary>What a process that waits for a long time can give back.</summary>
internal static unsafe class ResidentMemory
{
    private const int LineLimit = 2048;
    private const int MappingLimit = 128;
    private const int DontNeed = 4;

    /// <summary>
    /// Waits as poll(2) does, for ever, without the pages of programs and libraries that are mapped: they are read from
    /// the page cache again when they are needed. Only mappings that have no page of their own qualify, and of a program's
    /// data those pages that were not written to; for the others it would undo the changes (madvise(2), MADV_DONTNEED).
    /// </summary>
    /// <param name="entries">What to wait for.</param>
    /// <param name="buffer">Room for the kernel's list of mappings.</param>
    public static void Wait(ReadOnlySpan<pollfd> entries, Span<byte> buffer)
    {
        (nuint Start, nuint End)* found = stackalloc (nuint, nuint)[MappingLimit];
        (nuint Start, nuint End) data = default;
        int count = Find(buffer, found, ref data);
        if (data.End != 0) count = AddUnchanged(buffer, found, count, data);
        _ = Memory.malloc_trim(0);

        // Every function that runs from here on brings its page back, and fifteen around it: so only syscall(2) does.
        nint madvise = SystemCallNumber.madvise;
        nint ppoll = SystemCallNumber.ppoll;
        fixed (pollfd* first = entries)
        {
            for (int i = 0; i < count; i++)
            {
                RawCall.Invoke(madvise, (nint)found[i].Start, (nint)(found[i].End - found[i].Start), DontNeed);
            }

            RawCall.Wait(ppoll, (nint)first, entries.Length);
        }
    }

    private static int Find(Span<byte> buffer, (nuint Start, nuint End)* found, ref (nuint Start, nuint End) data)
    {
        using FileDescriptor list = FileCalls.Open("/proc/self/smaps", FileCalls.O_RDONLY);
        int count = 0;
        int length = 0;
        nuint start = 0;
        nuint end = 0;
        while (true)
        {
            int more = list.Read(buffer[length..], "/proc/self/smaps");
            if (more == 0) return count;
            length += more;
            ReadOnlySpan<byte> rest = buffer[..length];
            int newLine;
            while ((newLine = rest.IndexOf((byte)'\n')) >= 0)
            {
                if (ReadLine(rest[..newLine], ref start, ref end, ref data) && count < MappingLimit)
                    found[count++] = (start, end);
                rest = rest[(newLine + 1)..];
            }

            if (rest.Length > LineLimit) rest = default;
            rest.CopyTo(buffer);
            length = rest.Length;
        }
    }

    /// <summary>True when the mapping that the list is at can be given back.</summary>
    private static bool ReadLine(
        ReadOnlySpan<byte> line, ref nuint start, ref nuint end, ref (nuint Start, nuint End) data)
    {
        if (line.StartsWith("Anonymous:"u8)) return end > start && line.EndsWith(" 0 kB"u8);
        if (!Utf8Parser.TryParse(line, out ulong first, out int used, 'x') || used < 8 || line[used] != (byte)'-')
            return false;

        // START-END r-xp OFFSET MAJOR:MINOR INODE PATH; a path means a file.
        line = line[(used + 1)..];
        if (!Utf8Parser.TryParse(line, out ulong last, out used, 'x')) return false;
        ReadOnlySpan<byte> rights = line[(used + 1)..];
        bool isFile = rights[3] == (byte)'p' && rights.Contains((byte)'/');
        start = (nuint)first;
        end = isFile && rights[1] == (byte)'-' ? (nuint)last : 0;
        if (isFile && rights[1] == (byte)'w') data = ((nuint)first, (nuint)last);
        return false;
    }

    // proc_pid_pagemap(5): eight bytes a page, of which one bit says that it is there, and one that it is the file's.
    private static int AddUnchanged(
        Span<byte> buffer, (nuint Start, nuint End)* found, int count, (nuint Start, nuint End) data)
    {
        const ulong FilesOwn = 1UL << 63 | 1UL << 61;

        nuint size = (nuint)Environment.SystemPageSize;
        using FileDescriptor map = FileCalls.Open("/proc/self/pagemap", FileCalls.O_RDONLY);
        _ = FileCalls.lseek(map.Number, (long)(data.Start / size * sizeof(ulong)), FileCalls.SEEK_SET);
        int length = (int)Math.Min((nuint)buffer.Length, (data.End - data.Start) / size * sizeof(ulong));
        length = map.Read(buffer[..length], "/proc/self/pagemap");
        ReadOnlySpan<ulong> pages = MemoryMarshal.Cast<byte, ulong>(buffer[..length]);
        for (int i = 0; i < pages.Length && count < MappingLimit; i++)
        {
            int first = i;
            while (i < pages.Length && (pages[i] & FilesOwn) == FilesOwn) i++;
            if (i > first) found[count++] = (data.Start + (nuint)first * size, data.Start + (nuint)i * size);
        }

        return count;
    }
}
