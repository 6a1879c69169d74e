using System.Buffers;
using System.Text;

namespace Container.Native.Syscalls;

/// <summary>
/// File names as text. A name is bytes to the kernel; those that are no UTF-8 become lone surrogates U+DC80 to U+DCFF,
/// so that a tree is copied, listed and removed whatever its names are (the convention of PEP 383).
/// </summary>
public static unsafe class PathText
{
    private const char Escape = '\uDC00';

    /// <summary>The text of a name.</summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (System.Text.Unicode.Utf8.IsValid(name)) return Encoding.UTF8.GetString(name);
        StringBuilder text = new(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                name = name[length..];
            }
            else
            {
                text.Append((char)(Escape + name[0]));
                name = name[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The text of a NUL-terminated name.</summary>
    internal static string Decode(byte* name)
    {
        int length = 0;
        while (name[length] != 0) length++;
        return Decode(new ReadOnlySpan<byte>(name, length));
    }

    /// <summary>How many bytes <see cref="Encode"/> may need, the NUL not counted.</summary>
    public static int MaximumLength(string text) => text.Length * 3;

    /// <summary>Writes the bytes of a name; returns their number.</summary>
    public static int Encode(string text, Span<byte> name)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] >= Escape + 0x80 && text[i] <= Escape + 0xFF)
            {
                name[length++] = (byte)(text[i] - Escape);
                continue;
            }

            OperationStatus status = Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int used);
            if (text[i] == 0 || status != OperationStatus.Done)
                throw new ArgumentException($"'{text.Replace('\0', '?')}' is no file name", nameof(text));
            length += rune.EncodeToUtf8(name[length..]);
            i += used - 1;
        }

        return length;
    }
}
