using System.Collections.Concurrent;
using System.Security.Cryptography;
using Container.Engine.Errors;

namespace Container.Engine.Images.Archives;

/// <summary>
/// The uncompressed bytes of an archive. A thread of its own decompresses and hashes ahead, a few large buffers far, so
/// that this costs no time while files are written.
/// </summary>
internal sealed class ArchiveSource : ITarInput, IDisposable
{
    private const int BufferSize = 1 << 20;
    private const int BufferCount = 4;

    private readonly Stream stream;
    private readonly Func<long> compressed;
    private readonly ArchiveLimits limits;
    private readonly BlockingCollection<(byte[] Data, int Length)> full = new(BufferCount);
    private readonly BlockingCollection<byte[]> empty = new(BufferCount);
    private readonly CancellationTokenSource stop;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Task producer;
    private byte[] current = [];
    private int position;
    private int length;

    /// <param name="stream">The uncompressed archive.</param>
    /// <param name="compressed">How many bytes of the compressed one were read.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="cancellation">Ends everything.</param>
    public ArchiveSource(Stream stream, Func<long> compressed, ArchiveLimits limits, CancellationToken cancellation)
    {
        this.stream = stream;
        this.compressed = compressed;
        this.limits = limits;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        for (int i = 0; i < BufferCount; i++) empty.Add(new byte[BufferSize], CancellationToken.None);
        producer = Task.Factory.StartNew(
            Produce, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Hears what is taken.</summary>
    public LayerRecorder? Recorder { get; init; }

    /// <summary>How many bytes were taken.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes of the compressed archive were read.</summary>
    public long CompressedPosition => compressed();

    public ReadOnlySpan<byte> Take(long maximum)
    {
        if (position == length && !Fill()) return [];
        int count = (int)Math.Min(maximum, length - position);
        ReadOnlySpan<byte> data = current.AsSpan(position, count);
        position += count;
        Position += count;
        Recorder?.Take(data);
        return data;
    }

    public bool ReadExactly(Span<byte> buffer)
    {
        bool any = false;
        while (!buffer.IsEmpty)
        {
            ReadOnlySpan<byte> data = Take(buffer.Length);
            if (data.IsEmpty) return any ? throw Truncated() : false;
            data.CopyTo(buffer);
            buffer = buffer[data.Length..];
            any = true;
        }

        return true;
    }

    public void Skip(long count)
    {
        while (count > 0)
        {
            int taken = Take(count).Length;
            if (taken == 0) throw Truncated();
            count -= taken;
        }
    }

    /// <summary>The digest of the whole archive, once its end was reached.</summary>
    public string GetDigest()
    {
        WaitForProducer();
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static EngineException Truncated() => ArchiveFailure.Invalid("it ends in the middle of an entry");

    public void Dispose()
    {
        stop.Cancel();
        WaitForProducer();
        stream.Dispose();
        stop.Dispose();
        full.Dispose();
        empty.Dispose();
        hash.Dispose();
    }

    private bool Fill()
    {
        if (current.Length > 0) empty.Add(current, stop.Token);
        current = [];
        position = length = 0;
        if (full.TryTake(out (byte[] Data, int Length) next, Timeout.Infinite, stop.Token))
        {
            (current, length) = next;
            return true;
        }

        WaitForProducer();
        if (producer.Exception?.InnerException is not { } failure) return false;
        throw failure switch
        {
            EngineException engine => engine,
            OperationCanceledException cancelled => cancelled,
            _ => ArchiveFailure.Invalid(failure.Message.TrimEnd('.'), failure),
        };
    }

    // Without throwing what ended it: a decompressor must not be disposed of while the thread is in it.
    private void WaitForProducer() => ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();

    private void Produce()
    {
        try
        {
            long total = 0;
            while (true)
            {
                byte[] buffer = empty.Take(stop.Token);
                int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (count == 0) return;
                total += count;
                if (total > limits.Bytes)
                    throw ArchiveFailure.TooLarge($"it has more than {limits.Bytes:N0} bytes uncompressed");
                if (total > limits.FreeBytes && total / limits.Ratio > compressed())
                    throw ArchiveFailure.TooLarge($"it expands more than {limits.Ratio} times, like a bomb");
                hash.AppendData(buffer, 0, count);
                full.Add((buffer, count), stop.Token);
            }
        }
        finally
        {
            full.CompleteAdding();
        }
    }
}
