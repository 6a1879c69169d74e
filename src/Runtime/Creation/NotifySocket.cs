using System.Globalization;
using System.Text;
using Container.Native.Oci;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Messages;

namespace Container.Runtime.Creation;

/// <summary>
/// Readiness of a service that is a container, as runc has it: where systemd waits for its notice, sd_notify(3), the
/// container gets a socket of its own. Of what it says only that it is ready is passed on, with who its main process is:
/// the rest would let it control the service.
/// </summary>
internal sealed unsafe class NotifySocket : IDisposable
{
    private const string Variable = "NOTIFY_SOCKET";
    private const string Target = "/run/notify";
    private const string Name = "notify.sock";
    private const int PatienceMilliseconds = 30_000;

    private readonly DatagramSocket host;
    private readonly DatagramSocket own;
    private readonly Log log;
    private FileDescriptor? barrier;

    private NotifySocket(DatagramSocket host, DatagramSocket own, Log log)
    {
        this.host = host;
        this.own = own;
        this.log = log;
    }

    /// <summary>Readable when the container has said something.</summary>
    public FileDescriptor Descriptor => own.Descriptor;

    private static string? Host => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    /// <summary>The configuration of a container that can say it is ready, where anybody waits for that.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="directory">The container's directory.</param>
    public static OciSpec Extend(OciSpec spec, string directory)
    {
        if (Host is null) return spec;
        OciMount mount = new()
        {
            Destination = Target,
            Source = SourceIn(directory),
            Options = ["bind", "nosuid", "noexec", "nodev", "ro"],
        };
        List<string> environment = [];
        foreach (string variable in spec.Process!.Env ?? [])
        {
            if (!variable.StartsWith(Variable + "=", StringComparison.Ordinal)) environment.Add(variable);
        }

        environment.Add($"{Variable}={Target}/{Name}");
        return spec with { Mounts = [.. spec.Mounts ?? [], mount], Process = spec.Process with { Env = environment } };
    }

    /// <summary>Makes the directory that the container sees.</summary>
    public static void Prepare(string directory)
    {
        if (Host is null) return;
        string source = SourceIn(directory);
        SystemCallException.Check(FileCalls.mkdirat(FileCalls.AT_FDCWD, source, 0x1ED), "mkdir", source);
        SetMode(source, 0x1ED);
    }

    /// <summary>
    /// Makes the container's socket; null where nobody waits, or the container was made when nobody did.
    /// </summary>
    public static NotifySocket? Open(string directory, Log log)
    {
        string source = SourceIn(directory);
        if (Host is not { } path || !FileCalls.Exists(source)) return null;
        DatagramSocket? host = null;
        try
        {
            host = DatagramSocket.Connect(path);

            // Left by a start that failed.
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, $"{source}/{Name}", 0);
            DatagramSocket own = DatagramSocket.Bind(source, Name);
            SetMode($"{source}/{Name}", 0x1FF);
            return new NotifySocket(host, own, log);
        }
        catch (SystemCallException failure)
        {
            host?.Dispose();
            log.Warn($"{Variable}: {failure.Message}");
            return null;
        }
    }

    /// <summary>Waits until the container is ready and the host knows, or the container has ended.</summary>
    public void Wait(FileDescriptor process, int pid)
    {
        while (true)
        {
            int ready = Polling.Wait(own.Descriptor.Number, Polling.POLLIN, process.Number, -1);
            if ((ready & 1) != 0 && Forward(pid)) break;
            if (ready == 2) return;
        }

        Synchronize();
    }

    /// <summary>Passes on what is there; true once the container has said that it is ready.</summary>
    /// <param name="pid">Whom the host is to regard as the main process.</param>
    public bool Forward(int pid)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length;
        while ((length = own.Receive(buffer)) >= 0)
        {
            if (FindReady(buffer[..length]) is not { IsEmpty: false } line) continue;
            Tell(line, pid);

            // Nobody listens any more: what it says later must not wait for us to take it.
            own.Dispose();
            return true;
        }

        return false;
    }

    /// <summary>
    /// Waits until the host has taken all: it may look at who we are, and we are about to end (sd_notify_barrier(3)).
    /// </summary>
    public void Synchronize()
    {
        if (barrier is null) return;
        if (Polling.Wait(barrier.Number, Polling.POLLIN, -1, PatienceMilliseconds) == 0)
            log.Warn($"{Variable}: no answer to BARRIER=1 after 30 s");
    }

    public void Dispose()
    {
        barrier?.Dispose();
        own.Dispose();
        host.Dispose();
    }

    private static string SourceIn(string directory) => directory + "/notify";

    private static void SetMode(string path, uint mode)
    {
        fixed (byte* text = Utf8.Terminated(path))
        {
            SystemCallException.Check(Entries.fchmodat(FileCalls.AT_FDCWD, text, mode, 0), "chmod", path);
        }
    }

    private static ReadOnlySpan<byte> FindReady(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            int end = message.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? message : message[..end];
            if (line.StartsWith("READY="u8)) return line;
            message = end < 0 ? [] : message[(end + 1)..];
        }

        return [];
    }

    private void Tell(ReadOnlySpan<byte> line, int pid)
    {
        try
        {
            Send([.. line, (byte)'\n']);
            Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"MAINPID={pid}\n")));
            (FileDescriptor begin, FileDescriptor end) = PipeStream.CreatePipe();
            barrier = begin;
            using (end) Send("BARRIER=1"u8, end);
        }
        catch (SystemCallException failure)
        {
            // The container runs and is ready: whoever does not take that is no reason to end it.
            log.Warn($"{Variable}: {failure.Message}");
        }
    }

    private void Send(ReadOnlySpan<byte> message, FileDescriptor? descriptor = null)
    {
        Errno errno;
        while ((errno = host.Send(message, descriptor)) == Errno.EAGAIN)
        {
            if (Polling.Wait(host.Descriptor.Number, Polling.POLLOUT, -1, PatienceMilliseconds) == 0) break;
        }

        if (errno != Errno.None) throw new SystemCallException("sendmsg", null, errno);
    }
}
