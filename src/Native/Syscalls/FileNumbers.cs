namespace Container.Native.Syscalls;

/// <summary>Device numbers as makedev(3) puts them together.</summary>
internal static class FileNumbers
{
    /// <summary>The dev_t of <paramref name="major"/> and <paramref name="minor"/>.</summary>
    public static ulong MakeDevice(long major, long minor)
    {
        ulong high = (ulong)major;
        ulong low = (ulong)minor;
        return ((high & 0xFFFFF000) << 32) | ((high & 0xFFF) << 8) | ((low & 0xFFFFFF00) << 12) | (low & 0xFF);
    }
}
