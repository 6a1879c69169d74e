using System.Buffers.Binary;
using System.Text;
using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>
/// Everything of a profile that decides what is compiled, as bytes: two profiles with the same bytes have the same
/// filter. The listener's path is left out, it does not change the program.
/// </summary>
internal ref struct SeccompKey
{
    private byte[] buffer;
    private int length;

    private SeccompKey(int capacity) => buffer = new byte[capacity];

    public static byte[] Create(OciSeccomp profile)
    {
        var key = new SeccompKey(16 * 1024);
        key.Add(profile.DefaultAction);
        key.Add(profile.DefaultErrnoRet);
        key.Add(profile.Architectures);
        key.Add(profile.Flags);
        IReadOnlyList<OciSyscall>? rules = profile.Syscalls;
        int count = rules?.Count ?? 0;
        key.Add((ulong)count);
        for (int index = 0; index < count; index++) key.Add(rules![index]);
        return key.buffer[..key.length];
    }

    private void Add(OciSyscall? rule)
    {
        // Null is refused by the compiler; here it only has to differ from everything else.
        Add(rule is null ? 0UL : 1UL);
        if (rule is null) return;
        Add(rule.Names);
        Add(rule.Action);
        Add(rule.ErrnoRet);
        int count = rule.Args?.Count ?? 0;
        Add((ulong)count);
        for (int index = 0; index < count; index++)
        {
            OciSeccompArg? argument = rule.Args![index];
            Add(argument is null ? 0UL : 1UL);
            if (argument is null) continue;
            Add((ulong)argument.Index);
            Add(argument.Value);
            Add(argument.ValueTwo);
            Add(argument.Op);
        }
    }

    private void Add(IReadOnlyList<string>? list)
    {
        int count = list?.Count ?? 0;
        Add((ulong)count);
        for (int index = 0; index < count; index++) Add(list![index]);
    }

    // The length comes before the text, so that "ab","c" and "a","bc" differ.
    private void Add(string? text)
    {
        int count = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        Add(text is null ? 0UL : (ulong)count + 1);
        if (count > 0) length += Encoding.UTF8.GetBytes(text!, Reserve(count));
    }

    private void Add(uint? value) => Add(value is null ? 0UL : value.Value + 1UL);

    private void Add(ulong value)
    {
        // Seven bits at a time, as most numbers are small.
        Span<byte> target = Reserve(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7) target[count++] = (byte)(value | 0x80);
        target[count++] = (byte)value;
        length += count;
    }

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - length < count) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        return buffer.AsSpan(length, count);
    }

    /// <summary>
    /// A 64-bit fingerprint, FNV-1a over words with a final mix: it names cache files and finds damaged ones. It need
    /// not resist an attacker: the whole key is compared, and only the owner of the directory can write to it.
    /// </summary>
    public static ulong Fingerprint(ReadOnlySpan<byte> data)
    {
        const ulong Prime = 0x100000001B3;
        ulong hash = 0xCBF29CE484222325 ^ (ulong)data.Length;
        for (; data.Length >= 8; data = data[8..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(data)) * Prime;
            hash ^= hash >> 29;
        }

        foreach (byte value in data) hash = (hash ^ value) * Prime;
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
