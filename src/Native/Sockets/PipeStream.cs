using System.Runtime.InteropServices;
using Container.Native.Syscalls;

namespace Container.Native.Sockets;

/// <summary>
/// Our end of a pipe, a socket or a terminal, as a stream. Reads and writes block, in poll(2) so that another thread
/// can
/// end them: <see cref="Stop"/> makes them return at once, <see cref="Drain"/> makes reading end where nothing more is
/// there at the moment, although somebody still holds the other end.
/// </summary>
public sealed unsafe class PipeStream : Stream
{
    private readonly FileDescriptor file;
    private readonly FileDescriptor wake;
    private readonly Lock closing = new();
    private volatile bool stopped;
    private volatile bool draining;

    /// <summary>Takes ownership of a descriptor; it becomes non-blocking.</summary>
    public PipeStream(FileDescriptor file, bool canRead, bool canWrite)
    {
        ArgumentNullException.ThrowIfNull(file);
        this.file = file;
        CanRead = canRead;
        CanWrite = canWrite;
        int flags = SystemCallException.Check(FileCalls.fcntl(file.Number, FileCalls.F_GETFL, 0), "fcntl");
        SystemCallException.Check(FileCalls.fcntl(file.Number, FileCalls.F_SETFL, flags | FileCalls.O_NONBLOCK), "fcntl");
        wake = new FileDescriptor(SystemCallException.Check(
            Polling.eventfd(0, Polling.EFD_CLOEXEC | Polling.EFD_NONBLOCK), "eventfd"));
    }

    /// <inheritdoc/>
    public override bool CanRead { get; }

    /// <inheritdoc/>
    public override bool CanWrite { get; }

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A pipe whose two ends are close-on-exec.</summary>
    public static (FileDescriptor Read, FileDescriptor Write) CreatePipe()
    {
        int* ends = stackalloc int[2];
        SystemCallException.Check(FileCalls.pipe2(ends, FileCalls.O_CLOEXEC), "pipe2");
        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <summary>Ends reading with what is there now.</summary>
    public void Drain()
    {
        draining = true;
        Wake();
    }

    /// <summary>Ends reading and writing at once.</summary>
    public void Stop()
    {
        stopped = true;
        Wake();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !Hold()) return 0;
        try
        {
            return ReadHeld(buffer);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(!Hold(), this);
        try
        {
            WriteHeld(buffer);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Stop();
            lock (closing)
            {
                file.Dispose();
                wake.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private int ReadHeld(Span<byte> buffer)
    {
        while (!stopped)
        {
            bool last = draining;
            nint count;
            fixed (byte* start = buffer)
            {
                count = FileCalls.read(file.Number, start, (nuint)buffer.Length);
            }

            if (count >= 0) return (int)count;
            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    break;
                case Errno.EAGAIN when last:
                case Errno.EIO: // a terminal whose other side is closed
                case Errno.ECONNRESET:
                    return 0;
                case Errno.EAGAIN:
                    Polling.Wait(file.Number, Polling.POLLIN, wake.Number, -1);
                    break;
                default:
                    throw new IOException(SystemCallException.Last("read").Message);
            }
        }

        return 0;
    }

    private void WriteHeld(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ObjectDisposedException.ThrowIf(stopped, this);
            nint count;
            fixed (byte* start = buffer)
            {
                count = FileCalls.write(file.Number, start, (nuint)buffer.Length);
            }

            if (count >= 0)
            {
                buffer = buffer[(int)count..];
                continue;
            }

            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    break;
                case Errno.EAGAIN:
                    // Draining leaves the wake signalled for good: it is no reason to stop writing.
                    Polling.Wait(file.Number, Polling.POLLOUT, draining ? -1 : wake.Number, draining ? 100 : -1);
                    break;
                default:
                    throw new IOException(SystemCallException.Last("write").Message);
            }
        }
    }

    // A descriptor that is in use is closed when it is not any more: its number cannot become another file's meanwhile.
    private bool Hold()
    {
        lock (closing)
        {
            if (stopped || file.IsClosed) return false;
            bool held = false;
            file.DangerousAddRef(ref held);
            wake.DangerousAddRef(ref held);
            return true;
        }
    }

    private void Release()
    {
        file.DangerousRelease();
        wake.DangerousRelease();
    }

    private void Wake()
    {
        lock (closing)
        {
            if (wake.IsClosed) return;
            ulong one = 1;
            _ = FileCalls.write(wake.Number, &one, sizeof(ulong));
        }
    }
}
