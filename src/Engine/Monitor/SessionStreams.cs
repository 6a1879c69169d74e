using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Engine.Monitor;

/// <summary>Our ends of a session's streams, and the other ends until they have been sent.</summary>
internal sealed class SessionStreams : IDisposable
{
    private readonly List<FileDescriptor> theirs = [];

    public PipeStream? Stdin { get; private set; }

    public PipeStream? Stdout { get; private set; }

    public PipeStream? Stderr { get; private set; }

    public FileDescriptor? Terminal { get; private set; }

    /// <summary>The numbers to send, standard input first.</summary>
    public int[] Theirs => [.. theirs.Select(descriptor => descriptor.Number)];

    /// <summary>Pipes for the three streams; without input the process reads end of file at once.</summary>
    public static SessionStreams CreatePipes(bool input)
    {
        SessionStreams streams = new();
        try
        {
            (FileDescriptor read, FileDescriptor write) = PipeStream.CreatePipe();
            streams.theirs.Add(read);
            if (input) streams.Stdin = new PipeStream(write, canRead: false, canWrite: true);
            else write.Dispose();
            streams.Stdout = streams.Output();
            streams.Stderr = streams.Output();
            return streams;
        }
        catch
        {
            streams.Abandon();
            throw;
        }
    }

    /// <summary>The one stream of a terminal, both ways.</summary>
    /// <param name="stream">The terminal's master, or a socket that the monitor copies from and to.</param>
    /// <param name="isMaster">Whether it is the master, which the caller may want to resize.</param>
    public static SessionStreams FromTerminal(FileDescriptor stream, bool isMaster) => new()
    {
        Stdin = new PipeStream(stream.Duplicate(), canRead: false, canWrite: true),
        Stdout = new PipeStream(stream.Duplicate(), canRead: true, canWrite: false),
        Terminal = isMaster ? stream : Close(stream),
    };

    /// <summary>Closes the ends that have been sent.</summary>
    public void Dispose()
    {
        foreach (FileDescriptor descriptor in theirs)
        {
            descriptor.Dispose();
        }

        theirs.Clear();
    }

    /// <summary>Closes our ends as well: there will be no session.</summary>
    public void Abandon()
    {
        Dispose();
        Stdin?.Dispose();
        Stdout?.Dispose();
        Stderr?.Dispose();
        Terminal?.Dispose();
    }

    private PipeStream Output()
    {
        (FileDescriptor read, FileDescriptor write) = PipeStream.CreatePipe();
        theirs.Add(write);
        return new PipeStream(read, canRead: true, canWrite: false);
    }

    private static FileDescriptor? Close(FileDescriptor stream)
    {
        stream.Dispose();
        return null;
    }
}
