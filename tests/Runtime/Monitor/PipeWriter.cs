using Container.Native.Syscalls;

namespace Container.Runtime.Tests.Monitor;

/// <summary>Writes to a pipe until nothing more is taken.</summary>
internal sealed class PipeWriter(FileDescriptor target)
{
    /// <summary>Writes until the pipe has been full for half a second; returns how much it took.</summary>
    public unsafe long Fill()
    {
        using FileDescriptor owned = target;
        byte[] data = new byte[4096];
        long total = 0;
        while (Polling.Wait(owned.Number, Polling.POLLOUT, -1, 500) != 0)
        {
            fixed (byte* start = data)
            {
                total += SystemCallException.Check(FileCalls.write(owned.Number, start, (nuint)data.Length), "write");
            }
        }

        return total;
    }
}
