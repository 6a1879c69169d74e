using System.Text;

namespace Container.Native.Syscalls;

/// <summary>Strings as the kernel takes them.</summary>
internal static class Utf8
{
    /// <summary>The bytes of <paramref name="text"/> and a NUL; a NUL within is refused.</summary>
    public static byte[] Terminated(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{text.Replace('\0', '?')}' contains a NUL character", nameof(text));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
