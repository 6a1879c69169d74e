using System.Buffers.Binary;
using System.IO.Compression;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>
/// What of a layer's tar is not content of files: headers, padding, and where the content goes. With the tree it gives
/// the very bytes again, so that an image can be exported under the digests it came with, and its layers be verified.
/// </summary>
internal sealed class LayerRecorder : IDisposable
{
    public const byte Raw = (byte)'R';
    public const byte FileContent = (byte)'F';
    private const int PendingBytes = 1 << 16;

    private readonly GZipStream output;
    private readonly MemoryStream pending = new();
    private bool inContent;

    public LayerRecorder(string path) => output = new GZipStream(
        new FileStream(path, FileMode.CreateNew, FileAccess.Write), CompressionLevel.Fastest);

    /// <summary>Whether a later entry replaced a file: then its content is lost and the record no good.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Bytes of the archive that the reader took.</summary>
    public void Take(ReadOnlySpan<byte> data)
    {
        if (inContent) return;
        pending.Write(data);
        if (pending.Length >= PendingBytes) Flush();
    }

    /// <summary>From here on bytes are content of the file, until <see cref="EndFile"/>.</summary>
    public void BeginFile(string path, long size)
    {
        Flush();
        byte[] name = new byte[PathText.MaximumLength(path)];
        int length = PathText.Encode(path, name);
        Span<byte> head = stackalloc byte[13];
        head[0] = FileContent;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], size);
        BinaryPrimitives.WriteInt32LittleEndian(head[9..], length);
        output.Write(head);
        output.Write(name, 0, length);
        inContent = true;
    }

    public void EndFile() => inContent = false;

    public void Dispose()
    {
        Flush();
        output.Dispose();
        pending.Dispose();
    }

    private void Flush()
    {
        if (pending.Length == 0) return;
        Span<byte> head = stackalloc byte[5];
        head[0] = Raw;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], (int)pending.Length);
        output.Write(head);
        pending.WriteTo(output);
        pending.SetLength(0);
    }
}
