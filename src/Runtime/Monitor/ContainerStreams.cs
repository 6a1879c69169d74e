using Container.Native.Monitor;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>
/// The container's standard streams: pipes or a terminal, whose other ends the monitor keeps for as long as the
/// container runs, the log, and the clients that are attached.
/// </summary>
internal sealed unsafe class ContainerStreams : IDisposable
{
    private readonly MonitorLoop loop;
    private readonly IOutputLog? log;
    private readonly bool keepsInput;
    private readonly bool keepsClients;
    private readonly TransferBuffer buffer;
    private readonly List<FileDescriptor> childEnds = [];
    private FileDescriptor? terminal;
    private FileDescriptor? terminalPeer;
    private ContainerInput? input;
    private ContainerOutput? output;
    private ContainerOutput? error;
    private List<OutputSink> keptOutput = [];
    private List<OutputSink> keptError = [];

    public ContainerStreams(MonitorLoop loop, MonitorRequest request)
    {
        this.loop = loop;
        buffer = loop.Buffer;
        keepsInput = request.OpenStdin;
        keepsClients = request.RestartPolicy is not null || request.Health?.Action == "restart";
        if (request.LogPath is { } path) log = new LogWriter(path, request.LogMaxBytes, request.LogMaxFiles, buffer);
        if (request.Journal is not { } journal) return;
        JournalWriter writer = new(journal, request, buffer);
        loop.Add(writer);
        log = writer;
    }

    /// <summary>Takes what may change while the container is there.</summary>
    public void Adopt(MonitorRequest request) => log?.Adopt(request);

    /// <summary>Makes the pipes and returns what the container gets as 0, 1 and 2.</summary>
    /// <param name="withInput">Whether there is a client that has input; else it is there if it stays open.</param>
    public int[] CreatePipes(bool withInput)
    {
        int inputEnd = 0;
        if (withInput || keepsInput)
        {
            (FileDescriptor read, FileDescriptor write) = PipeStream.CreatePipe();
            childEnds.Add(read);
            inputEnd = read.Number;
            input = new ContainerInput(StreamDescriptor.SetNonBlocking(write), isTerminal: false);
            loop.Add(input);
        }

        output = CreateOutput(isError: false, out int outputEnd);
        error = CreateOutput(isError: true, out int errorEnd);
        Rejoin(error, ref keptError);
        Rejoin(output, ref keptOutput);
        return [inputEnd, outputEnd, errorEnd];
    }

    /// <summary>Closes the container's ends, once it has them.</summary>
    public void CloseChildEnds()
    {
        foreach (FileDescriptor end in childEnds)
        {
            end.Dispose();
        }

        childEnds.Clear();
    }

    /// <summary>Takes over the terminal.</summary>
    public void UseTerminal(FileDescriptor master)
    {
        terminal = StreamDescriptor.SetNonBlocking(master);

        // With an end of our own the master does not report a hang-up whenever the container closes the last of its.
        terminalPeer = TerminalCalls.OpenPeer(master);
        input = new ContainerInput(terminal, isTerminal: true);
        output = new ContainerOutput(terminal, log, isError: false, buffer);
        Rejoin(output, ref keptOutput);
        loop.Add(input);
        loop.Add(output);
    }

    /// <summary>Connects a client's pipes: its input's read end, and where output and errors go.</summary>
    public List<OutputSink> Attach(IReadOnlyList<FileDescriptor> streams, bool isLossless, bool withInput)
    {
        List<OutputSink> sinks = [];
        try
        {
            sinks.Add(AddSink(streams[1], isLossless));
            sinks.Add(AddSink(streams[2], isLossless));
            if (withInput && input is not null) AddInput(streams[0], endsInput: isLossless || !keepsInput);
            else streams[0].Dispose();
        }
        catch
        {
            foreach (IDisposable taken in (ReadOnlySpan<IDisposable>)[.. sinks, .. streams]) taken.Dispose();
            throw;
        }

        output?.Add(sinks[0]);
        if (error is not null) error.Add(sinks[1]);
        else sinks[1].Finish();
        return sinks;
    }

    /// <summary>Connects a client to the terminal; returns the client's end of the connection.</summary>
    public FileDescriptor AttachTerminal(bool isLossless, bool withInput, List<OutputSink> sinks)
    {
        int* ends = stackalloc int[2];
        SystemCallException.Check(
            SocketCalls.socketpair(SocketCalls.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_CLOEXEC, 0, ends), "socketpair");
        FileDescriptor theirs = new(ends[0]);
        FileDescriptor ours = new(ends[1]);
        try
        {
            if (withInput) AddInput(ours.Duplicate(), endsInput: false);
        }
        catch
        {
            ours.Dispose();
            theirs.Dispose();
            throw;
        }

        OutputSink sink = AddSink(ours, isLossless);
        sinks.Add(sink);
        output!.Add(sink);
        return theirs;
    }

    /// <summary>Sets the terminal's size; the kernel tells the container with SIGWINCH.</summary>
    public void Resize(uint width, uint height)
    {
        if (terminal is null) throw new MonitorException("InvalidConfiguration", "the container has no terminal");
        TerminalCalls.Resize(terminal, width, height);
    }

    /// <summary>Takes everything the container has left behind, and closes its streams.</summary>
    public void Finish()
    {
        CloseChildEnds();
        input?.Dispose();
        output?.Drain();
        error?.Drain();
        log?.Flush();
        foreach (OutputSink sink in (ReadOnlySpan<OutputSink>)[.. keptOutput, .. keptError])
        {
            sink.Finish();
        }

        keptOutput = keptError = [];
    }

    /// <summary>Closes the streams of a container that is started again; who receives its output goes on to.</summary>
    public void Renew()
    {
        CloseChildEnds();
        input?.Dispose();
        keptOutput = output?.Release() ?? [];
        keptError = error?.Release() ?? [];
        output = error = null;
        input = null;
        terminalPeer?.Dispose();
        terminalPeer = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish();
        terminalPeer?.Dispose();
        log?.Dispose();
    }

    private static void Rejoin(ContainerOutput stream, ref List<OutputSink> kept)
    {
        foreach (OutputSink sink in kept)
        {
            stream.Add(sink);
        }

        kept = [];
    }

    private ContainerOutput CreateOutput(bool isError, out int end)
    {
        (FileDescriptor read, FileDescriptor write) = PipeStream.CreatePipe();
        childEnds.Add(write);
        end = write.Number;
        ContainerOutput stream = new(StreamDescriptor.SetNonBlocking(read), log, isError, buffer, keepsClients);
        loop.Add(stream);
        return stream;
    }

    private void AddInput(FileDescriptor source, bool endsInput)
    {
        InputSource client = new(StreamDescriptor.Adopt(source, FileCalls.O_RDONLY), input!, endsInput, buffer);
        input!.Add(client);
        loop.Add(client);
    }

    private OutputSink AddSink(FileDescriptor target, bool isLossless)
    {
        OutputSink sink = new(StreamDescriptor.Adopt(target, FileCalls.O_WRONLY), isLossless);
        loop.Add(sink);
        return sink;
    }
}
