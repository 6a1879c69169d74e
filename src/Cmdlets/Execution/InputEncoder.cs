using System.Buffers;
using System.Management.Automation;
using System.Text;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Turns pipeline objects into a command's standard input: byte arrays, bytes and streams go through unchanged,
/// anything else is a line of UTF-8 text, as PowerShell does for native commands.
/// </summary>
internal sealed class InputEncoder(Action<ReadOnlyMemory<byte>> send)
{
    private const int BlockSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Sends one object.</summary>
    public void Write(object? value)
    {
        switch (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value)
        {
            case byte single:
                // An array that PowerShell has enumerated arrives byte by byte; one packet each would be absurd.
                _bytes.Write([single]);
                if (_bytes.WrittenCount >= BlockSize) Flush();
                break;
            case byte[] block:
                Flush();
                send(block);
                break;
            case Stream stream:
                Flush();
                Copy(stream);
                break;
            case null:
                break;
            default:
                Flush();
                send(Encoding.UTF8.GetBytes(LanguagePrimitives.ConvertTo<string>(value) + "\n"));
                break;
        }
    }

    /// <summary>Sends what has been collected.</summary>
    public void Flush()
    {
        if (_bytes.WrittenCount == 0) return;
        send(_bytes.WrittenSpan.ToArray());
        _bytes.ResetWrittenCount();
    }

    private void Copy(Stream stream)
    {
        while (true)
        {
            byte[] block = new byte[BlockSize];
            int count = stream.Read(block);
            if (count == 0) return;
            send(block.AsMemory(0, count));
        }
    }
}
