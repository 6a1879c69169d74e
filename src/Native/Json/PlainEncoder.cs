using System.Text.Encodings.Web;

namespace Container.Native.Json;

/// <summary>
/// Escapes what JSON demands and nothing more (RFC 8259, section 7): these documents are files and pipes, never HTML,
/// and people read them. The framework's relaxed encoder does the same after filling a table of all characters, which
/// takes longer than writing the document.
/// </summary>
internal sealed unsafe class PlainEncoder : JavaScriptEncoder
{
    public static readonly PlainEncoder Instance = new();

    public override int MaxOutputCharactersPerInputCharacter => "\\uFFFF".Length;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (int i = 0; i < textLength; i++)
        {
            // Whether a surrogate has its other half, the caller finds out.
            if (WillEncode(text[i]) || char.IsSurrogate(text[i])) return i;
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> target = new(buffer, bufferLength);
        string escape = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => $"\\u{unicodeScalar:X4}",
        };
        bool fits = escape.TryCopyTo(target);
        numberOfCharactersWritten = fits ? escape.Length : 0;
        return fits;
    }
}
