using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Text;
using Container.Cmdlets.Errors;
using Container.Engine.Errors;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Turns pipeline objects into a command's standard input: bytes and streams go through unchanged, text is a line of
/// UTF-8, as PowerShell does for native commands. A collection is what its items are, so arrays of bytes are bytes
/// however they are wrapped. Anything else would be sent as the name of its type: that is an error.
/// </summary>
internal sealed class InputEncoder(Action<ReadOnlyMemory<byte>> send)
{
    private const int BlockSize = 64 * 1024;
    private const int MaximumDepth = 16;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Whether an object is sent as what it is: text, bytes, or a collection.</summary>
    public static bool IsContent(object? value) =>
        Bare(value) is not { } bare || bare is Stream or ReadOnlyMemory<byte> or Memory<byte> || IsText(bare)
        || Items(bare) is not null;

    /// <summary>Sends one object.</summary>
    public void Write(object? value) => Write(Bare(value), MaximumDepth);

    /// <summary>Sends what has been collected.</summary>
    public void Flush()
    {
        if (_bytes.WrittenCount == 0) return;
        send(_bytes.WrittenSpan.ToArray());
        _bytes.ResetWrittenCount();
    }

    private void Write(object? value, int depth)
    {
        switch (value)
        {
            case null:
                break;
            case byte single:
                // An array that PowerShell has enumerated arrives byte by byte; one packet each would be absurd.
                _bytes.GetSpan(1)[0] = single;
                _bytes.Advance(1);
                if (_bytes.WrittenCount >= BlockSize) Flush();
                break;
            case byte[] block:
                Send(block);
                break;
            case ReadOnlyMemory<byte> block:
                Send(block);
                break;
            case Memory<byte> block:
                Send(block);
                break;
            case Stream stream:
                Flush();
                Copy(stream);
                break;
            case { } text when IsText(text):
                Send(Encoding.UTF8.GetBytes(LanguagePrimitives.ConvertTo<string>(text) + "\n"));
                break;
            case { } when depth > 0 && Items(value) is { } items:
                foreach (object? item in items) Write(Bare(item), depth - 1);
                break;
            default:
                throw new EngineException(
                    ErrorTable.InputNotTextOrBytes, Messages.InputNotTextOrBytes(value.GetType()),
                    Messages.UseOutString, value);
        }
    }

    private void Send(ReadOnlyMemory<byte> block)
    {
        Flush();
        send(block);
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

    private static IEnumerable? Items(object value) =>
        value is IDictionary ? null : LanguagePrimitives.GetEnumerable(value);

    // What has one text that everybody would write for it. The other streams of a pipeline are lines too.
    private static bool IsText(object value) => value
        is string or char or bool or (IFormattable and not PSObject) or Uri or Version or ErrorRecord
        or InformationalRecord or InformationRecord;

    private static object? Bare(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
