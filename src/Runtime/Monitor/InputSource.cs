using Container.Native.Syscalls;
using Container.Runtime.Streams;

namespace Container.Runtime.Monitor;

/// <summary>What a client writes to the container's standard input. It is read as fast as the container does.</summary>
internal sealed class InputSource(FileDescriptor source, ContainerInput input, bool endsInput, TransferBuffer buffer)
    : PollSource
{
    private const int ChunkSize = 16 * 1024;

    public override int Descriptor => input.IsReady ? source.Number : -1;

    public override short Events => Polling.POLLIN;

    public override void Ready(short events)
    {
        if (!input.IsReady) return;
        int count = StreamDescriptor.Read(source, buffer.Input[..ChunkSize]);
        if (count > 0)
        {
            input.Write(buffer.Input[..count]);
        }
        else if (count == 0)
        {
            if (endsInput) input.Finish();
            Dispose();
        }
    }

    protected override void Close() => source.Dispose();
}
