using System.Globalization;
using System.Text;
using Container.Native.Monitor;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// Writes the log to systemd's journal, an entry for each line, with the fields that docker and podman give it. The
/// journal takes a few hundred datagrams at a time: until it has room for the next one the container is not read.
/// </summary>
internal sealed class JournalWriter : PollSource, IOutputLog
{
    // A journal that takes nothing for so long does not work; the container's end does not wait for it any longer.
    private const int PatienceMilliseconds = 2000;
    private const int ShortIdLength = 12;

    private readonly JournalSocket socket;
    private readonly TransferBuffer buffer;
    private readonly string tag;
    private byte[] fields = [];
    private PendingBytes pending;
    private bool isPendingError;
    private bool isStalled;
    private long dropped;
    private Errno reason;

    public JournalWriter(MonitorJournal journal, MonitorRequest request, TransferBuffer buffer)
    {
        this.buffer = buffer;
        tag = journal.Tag;
        Adopt(request);
        try
        {
            socket = JournalSocket.Connect(journal.Socket);
        }
        catch (SystemCallException failure)
        {
            throw new MonitorException(
                "JournalUnavailable", $"the journal does not take what the container writes: {failure.Message}");
        }
    }

    public override int Descriptor => IsBlocked ? socket.Descriptor.Number : -1;

    public override short Events => Polling.POLLOUT;

    /// <inheritdoc/>
    public bool IsBlocked => pending.Length > 0;

    /// <inheritdoc/>
    public void Adopt(MonitorRequest request) => fields = Encoding.UTF8.GetBytes(
        $"CONTAINER_ID={request.Id[..Math.Min(ShortIdLength, request.Id.Length)]}\nCONTAINER_ID_FULL={request.Id}\n"
        + $"CONTAINER_NAME={request.Name}\nCONTAINER_TAG={tag}\nSYSLOG_IDENTIFIER={tag}\n");

    /// <inheritdoc/>
    public void Append(bool isError, ReadOnlySpan<byte> data)
    {
        Flush();
        data = data[Send(isError, data)..];
        if (data.IsEmpty) return;
        if (isStalled)
        {
            Drop(data.Length, Errno.EAGAIN);
            return;
        }

        pending.Add(data);
        isPendingError = isError;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        while (IsBlocked)
        {
            if (Polling.Wait(socket.Descriptor.Number, Polling.POLLOUT, -1, PatienceMilliseconds) != 0)
            {
                SendPending();
                continue;
            }

            isStalled = true;
            Drop(pending.Length, Errno.EAGAIN);
            pending.Remove(pending.Length);
        }
    }

    public override void Ready(short events) => SendPending();

    protected override void Close() => socket.Dispose();

    private void SendPending() => pending.Remove(Send(isPendingError, pending.Span));

    /// <summary>Sends line by line; returns how much is done with.</summary>
    private int Send(bool isError, ReadOnlySpan<byte> data)
    {
        int done = 0;
        while (done < data.Length)
        {
            if (dropped > 0 && !ReportDropped()) return done;
            LogPiece piece = LogPiece.First(data[done..]);
            Errno errno = Send(isError, piece.IsPartial, piece.Text);
            if (errno == Errno.EAGAIN) return done;
            if (errno != Errno.None) Drop(piece.Length, errno);
            done += piece.Length;
        }

        return done;
    }

    private Errno Send(bool isError, bool isPartial, ReadOnlySpan<byte> text)
    {
        // A terminal ends its lines with a carriage return as well, which makes text binary to journalctl.
        if (!isPartial && text is [.., (byte)'\r']) text = text[..^1];
        Span<byte> entry = buffer.Records;
        int length = 0;
        Put(entry, ref length, isError ? "PRIORITY=3\n"u8 : "PRIORITY=6\n"u8);
        Put(entry, ref length, fields);
        if (isPartial) Put(entry, ref length, "CONTAINER_PARTIAL_MESSAGE=true\n"u8);

        // No line feed is in the text, so it needs no length before it.
        Put(entry, ref length, "MESSAGE="u8);
        Put(entry, ref length, text);
        Put(entry, ref length, "\n"u8);
        Errno errno = socket.Send(entry[..length]);
        if (errno == Errno.None) isStalled = false;
        return errno;
    }

    private static void Put(Span<byte> entry, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(entry[length..]);
        length += text.Length;
    }

    private void Drop(int length, Errno errno)
    {
        dropped += length;
        reason = errno;
    }

    /// <summary>False if there is no room for that either.</summary>
    private bool ReportDropped()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"psrun: {dropped} bytes of output could not be logged ({reason})");
        Errno errno = Send(isError: true, isPartial: false, Encoding.UTF8.GetBytes(text));
        if (errno == Errno.None) dropped = 0;
        return errno != Errno.EAGAIN;
    }
}
