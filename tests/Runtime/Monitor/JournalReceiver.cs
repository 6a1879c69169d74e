using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>
/// A journal: it receives entries as systemd-journald does and takes them apart by the letter of the native protocol.
/// </summary>
internal sealed class JournalReceiver : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, byte[]>> entries = new();
    private bool isDisposed;

    public JournalReceiver(string path, bool isReading = true)
    {
        socket.Bind(new UnixDomainSocketEndPoint(path));
        if (isReading) Read();
    }

    public void Read() => Task.Factory.StartNew(Receive, TaskCreationOptions.LongRunning);

    /// <summary>The entries in their order, once there are so many.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, byte[]>> Wait(int count)
    {
        SpinWait.SpinUntil(() => entries.Count >= count, TestContainer.Patience);
        Assert.True(entries.Count >= count, $"{entries.Count} entries of {count}");
        return [.. entries];
    }

    public IReadOnlyList<string> Messages(int count) =>
        [.. Wait(count).Select(entry => Encoding.UTF8.GetString(entry["MESSAGE"]))];

    /// <summary>
    /// Ends it at once. A process that another test is just starting has a copy of the descriptor until it executes its
    /// program, so closing ours is not enough.
    /// </summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        socket.Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    private void Receive()
    {
        byte[] buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                int length = socket.Receive(buffer);
                if (length == 0) return;
                entries.Enqueue(Parse(buffer.AsSpan(0, length)));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // NAME=value LF, or NAME LF, 64 bits of length in little endian, value, LF.
    private static Dictionary<string, byte[]> Parse(ReadOnlySpan<byte> data)
    {
        Dictionary<string, byte[]> fields = [];
        while (!data.IsEmpty)
        {
            int line = data.IndexOf((byte)'\n');
            int equals = data[..line].IndexOf((byte)'=');
            int name = equals < 0 ? line : equals;
            int start = equals < 0 ? line + 9 : equals + 1;
            int length = equals < 0
                ? (int)BinaryPrimitives.ReadUInt64LittleEndian(data[(line + 1)..])
                : line - start;
            Assert.Matches("^[A-Z][A-Z0-9_]{0,63}$", Encoding.ASCII.GetString(data[..name]));
            fields.Add(Encoding.ASCII.GetString(data[..name]), data.Slice(start, length).ToArray());
            Assert.Equal((byte)'\n', data[start + length]);
            data = data[(start + length + 1)..];
        }

        return fields;
    }
}
