using System.Text;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Cuts a stream of UTF-8 bytes into lines as they arrive. A line that grows beyond <see cref="LongestLine"/> is passed
/// on in pieces, so that a command that never ends its line (<c>cat /dev/zero</c>) needs no more memory than others.
/// </summary>
internal sealed class LineDecoder
{
    public const int LongestLine = 1 << 20;

    private byte[] _rest = [];
    private int _length;

    /// <summary>Adds the lines that <paramref name="bytes"/> complete.</summary>
    public void Decode(ReadOnlySpan<byte> bytes, List<string> lines)
    {
        while (bytes.IndexOf((byte)'\n') is int end && end >= 0)
        {
            if (_length == 0)
            {
                lines.Add(Text(bytes[..end]));
            }
            else
            {
                Keep(bytes[..end], lines);
                lines.Add(Text(_rest.AsSpan(0, _length)));
                _length = 0;
            }

            bytes = bytes[(end + 1)..];
        }

        Keep(bytes, lines);
    }

    /// <summary>Adds the last line where the stream did not end with a line feed.</summary>
    public void Complete(List<string> lines)
    {
        if (_length == 0) return;
        lines.Add(Text(_rest.AsSpan(0, _length)));
        _length = 0;
    }

    private static string Text(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r']) line = line[..^1];
        return Encoding.UTF8.GetString(line);
    }

    private void Keep(ReadOnlySpan<byte> bytes, List<string> lines)
    {
        while (_length + bytes.Length > LongestLine)
        {
            int taken = LongestLine - _length;
            Append(bytes[..taken]);
            bytes = bytes[taken..];
            int whole = WholeCharacters(_rest.AsSpan(0, _length));
            lines.Add(Encoding.UTF8.GetString(_rest, 0, whole));
            _rest.AsSpan(whole, _length - whole).CopyTo(_rest);
            _length -= whole;
        }

        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_rest.Length < _length + bytes.Length)
        {
            Array.Resize(ref _rest, Math.Max(_length + bytes.Length, Math.Min(_rest.Length * 2, LongestLine)));
        }

        bytes.CopyTo(_rest.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>How many bytes of the text end with a whole character.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (int back = 1; back <= 4 && back <= text.Length; back++)
        {
            byte lead = text[^back];
            if ((lead & 0xC0) == 0x80) continue;
            int needed = lead switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return needed > back ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}
