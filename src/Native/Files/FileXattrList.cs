using System.Buffers.Binary;
using System.Text;

namespace Container.Native.Files;

/// <summary>Extended attributes as bytes: for each the length of its name, the name, the length of its value, the
/// value.</summary>
internal static class FileXattrList
{
    /// <summary>More than any file can have (xattr(7)).</summary>
    public const int Limit = 64 << 20;

    public static byte[] Write(IReadOnlyList<KeyValuePair<string, byte[]>> list)
    {
        List<byte> bytes = [];
        Span<byte> number = stackalloc byte[4];
        for (int i = 0; i < list.Count; i++)
        {
            Part(bytes, number, Encoding.UTF8.GetBytes(list[i].Key));
            Part(bytes, number, list[i].Value);
        }

        return [.. bytes];
    }

    public static List<KeyValuePair<string, byte[]>> Parse(ReadOnlySpan<byte> bytes)
    {
        List<KeyValuePair<string, byte[]>> list = [];
        while (!bytes.IsEmpty)
        {
            string name = Encoding.UTF8.GetString(Part(ref bytes));
            list.Add(new KeyValuePair<string, byte[]>(name, Part(ref bytes).ToArray()));
        }

        return list;
    }

    private static void Part(List<byte> bytes, Span<byte> number, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(number, part.Length);
        bytes.AddRange(number);
        bytes.AddRange(part);
    }

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> bytes)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        ReadOnlySpan<byte> part = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return part;
    }
}
