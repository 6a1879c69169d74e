using System.Text;
using Container.Native.Files;
using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Programs;

/// <summary>
/// Input and output of a program that is run to its end: files in memory, so that neither side can block on the other.
/// </summary>
internal sealed class ProgramStreams : IDisposable
{
    // Of more only the beginning is read: what a program prints may not keep its container from being removed.
    private const int MaximumOutput = 1024 * 1024;

    private readonly FileDescriptor source;
    private readonly FileDescriptor target;

    /// <summary>Streams with <paramref name="input"/> as standard input.</summary>
    public ProgramStreams(ReadOnlySpan<byte> input)
    {
        source = Memfd.Create("input");
        target = Memfd.Create("output");
        FileCalls.WriteAll(source.Number, input, "input");
        _ = FileCalls.lseek(source.Number, 0, FileCalls.SEEK_SET);
    }

    /// <summary>For 0, 1 and 2.</summary>
    public int[] Numbers => [source.Number, target.Number, target.Number];

    /// <summary>Waits for a program with these streams, and kills it where it takes too long.</summary>
    /// <param name="process">The program.</param>
    /// <param name="timeout">After so many seconds.</param>
    public ProgramResult Finish(LaunchedProcess process, int? timeout)
    {
        ExitStatus? status = Wait(process, timeout);
        int length = (int)Math.Min(FileCalls.lseek(target.Number, 0, FileCalls.SEEK_CUR), MaximumOutput);
        _ = FileCalls.lseek(target.Number, 0, FileCalls.SEEK_SET);
        byte[] output = new byte[length];
        int count = 0;
        while (count < length && target.Read(output.AsSpan(count), "output") is > 0 and int more) count += more;
        return new ProgramResult(status, Encoding.UTF8.GetString(output, 0, count));
    }

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    private static ExitStatus? Wait(LaunchedProcess process, int? timeout)
    {
        try
        {
            process.WaitUntilExecuted();
        }
        catch (LaunchException)
        {
            ChildProcess.Wait(process.PidFd);
            throw;
        }

        int limit = timeout is { } seconds ? (int)Math.Min((long)seconds * 1000, int.MaxValue) : -1;
        if (Polling.Wait(process.PidFd.Number, Polling.POLLIN, -1, limit) != 0)
            return ChildProcess.Wait(process.PidFd);
        process.Abandon();
        return null;
    }
}
