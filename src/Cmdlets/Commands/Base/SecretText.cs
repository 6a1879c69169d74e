using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace Container.Cmdlets.Commands;

/// <summary>Between values as bytes and as a SecureString; what is left in memory is cleared.</summary>
internal static class SecretText
{
    public static byte[] Bytes(SecureString value)
    {
        nint text = Marshal.SecureStringToGlobalAllocUnicode(value);
        char[] characters = new char[value.Length];
        try
        {
            Marshal.Copy(text, characters, 0, characters.Length);
            return Encoding.UTF8.GetBytes(characters);
        }
        finally
        {
            Array.Clear(characters);
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }

    public static SecureString Secure(byte[] value)
    {
        SecureString result = new();
        char[] characters = Encoding.UTF8.GetChars(value);
        foreach (char character in characters) result.AppendChar(character);
        Array.Clear(characters);
        Array.Clear(value);
        result.MakeReadOnly();
        return result;
    }
}
