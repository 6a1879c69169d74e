using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Images.Archives;

/// <summary>Makes the tar of a layer again, from its tree and what <see cref="LayerRecorder"/> wrote.</summary>
internal sealed class LayerReplay : IDisposable
{
    private readonly RootDirectory tree;
    private readonly Stream output;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[1 << 18];

    public LayerReplay(RootDirectory tree, Stream output)
    {
        this.tree = tree;
        this.output = output;
    }

    /// <summary>Writes the whole archive.</summary>
    /// <returns>The digest of what was written.</returns>
    public string Write(string record, CancellationToken cancellation)
    {
        using GZipStream input = new(File.OpenRead(record), CompressionMode.Decompress);
        Span<byte> head = stackalloc byte[12];
        while (input.ReadByte() is >= 0 and var kind)
        {
            cancellation.ThrowIfCancellationRequested();
            if (kind == LayerRecorder.Raw)
            {
                input.ReadExactly(head[..4]);
                CopyRaw(input, BinaryPrimitives.ReadInt32LittleEndian(head));
                continue;
            }

            input.ReadExactly(head);
            byte[] name = new byte[BinaryPrimitives.ReadInt32LittleEndian(head[8..])];
            long size = BinaryPrimitives.ReadInt64LittleEndian(head);
            input.ReadExactly(name);
            CopyFile(PathText.Decode(name), size, cancellation);
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    private void CopyRaw(GZipStream input, int count)
    {
        while (count > 0)
        {
            int part = Math.Min(count, buffer.Length);
            input.ReadExactly(buffer, 0, part);
            Put(part);
            count -= part;
        }
    }

    private void CopyFile(string path, long size, CancellationToken cancellation)
    {
        using FileDescriptor file = tree.OpenFile(path);
        while (size > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = file.Read(buffer.AsSpan(0, (int)Math.Min(size, buffer.Length)), path);
            if (count == 0) throw new EndOfStreamException(path);
            Put(count);
            size -= count;
        }
    }

    private void Put(int count)
    {
        hash.AppendData(buffer, 0, count);
        output.Write(buffer, 0, count);
    }
}
