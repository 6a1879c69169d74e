using System.Text;
using Container.Native.Files;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Runtime.Tests.Monitor;

/// <summary>A pipe whose ends can be given away.</summary>
internal sealed class TestPipe : IDisposable
{
    private FileDescriptor? read;
    private FileDescriptor? write;

    public TestPipe() => (read, write) = PipeStream.CreatePipe();

    public FileDescriptor Read => read!;

    public FileDescriptor Write => write!;

    public FileDescriptor TakeRead() => Interlocked.Exchange(ref read, null)!;

    public FileDescriptor TakeWrite() => Interlocked.Exchange(ref write, null)!;

    public void Dispose()
    {
        read?.Dispose();
        write?.Dispose();
    }

    /// <summary>Reads what there is within the tests' patience; 0 at the end.</summary>
    public static int ReadSome(FileDescriptor source, Span<byte> buffer)
    {
        Assert.True(
            Polling.Wait(source.Number, Polling.POLLIN, -1, TestContainer.Patience) != 0, "nothing to read");
        return source.Read(buffer, "stream");
    }

    /// <summary>Reads to the end.</summary>
    public static string ReadToEnd(FileDescriptor source)
    {
        List<byte> all = [];
        byte[] buffer = new byte[65536];
        int count;
        while ((count = ReadSome(source, buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. all]);
    }

    /// <summary>Reads until the text has been seen, and returns all that was read.</summary>
    public static string ReadUntil(FileDescriptor source, string expected)
    {
        StringBuilder all = new();
        byte[] buffer = new byte[4096];
        while (!all.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int count = ReadSome(source, buffer);
            Assert.True(count > 0, $"'{expected}' did not come, but: {all}");
            all.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return all.ToString();
    }
}
