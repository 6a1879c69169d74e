using System.Globalization;
using System.Text;
using Container.Native.Syscalls;
using Tmds.Linux;

namespace Container.Native.Cgroups.Systemd;

/// <summary>
/// A client of D-Bus over a unix socket: one call at a time, and the signals that arrive meanwhile (D-Bus
/// Specification, "Authentication Protocol" and "Message Bus Messages").
/// </summary>
internal sealed unsafe class BusConnection : IDisposable
{
    private const int PatienceMilliseconds = 30_000;
    private const string BusName = "org.freedesktop.DBus";
    private readonly FileDescriptor socket;
    private readonly string path;
    private readonly List<BusMessage> signals = [];
    private uint serial;

    private BusConnection(FileDescriptor socket, string path)
    {
        this.socket = socket;
        this.path = path;
    }

    /// <summary>Connects to the bus at <paramref name="path"/>.</summary>
    public static BusConnection Open(string path)
    {
        int slash = path.LastIndexOf('/');
        using FileDescriptor directory = FileCalls.Open(
            slash <= 0 ? "/" : path[..slash], FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        sockaddr_un address = UnixAddress.In(directory, path[(slash + 1)..]);
        BusConnection connection = new(
            new FileDescriptor(SystemCallException.Check(
                SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_CLOEXEC, 0), "socket")),
            path);
        try
        {
            int result = SocketCalls.connect(connection.socket.Number, &address, (uint)sizeof(sockaddr_un));
            SystemCallException.Check(result, "connect", path);
            connection.Authenticate();
            connection.Call(BusName, "/org/freedesktop/DBus", BusName, "Hello");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Has the bus pass on the signals that match a rule.</summary>
    public void AddMatch(string rule)
    {
        BusWriter body = new();
        body.Text(rule);
        Call(BusName, "/org/freedesktop/DBus", BusName, "AddMatch", "s", body.ToArray());
    }

    /// <summary>Calls a method and waits for what it returns.</summary>
    /// <exception cref="BusException">It returned an error.</exception>
    public BusMessage Call(
        string destination,
        string target,
        string type,
        string method,
        string signature = "",
        byte[]? body = null)
    {
        BusMessage call = new()
        {
            Type = BusMessage.Call,
            Serial = ++serial,
            Destination = destination,
            Path = target,
            Interface = type,
            Member = method,
            Signature = signature,
            Body = body ?? [],
        };
        FileCalls.WriteAll(socket.Number, call.ToArray(), path);
        while (true)
        {
            BusMessage message = Receive();
            if (message.Type == BusMessage.Signal) signals.Add(message);
            else if (message.ReplyTo != call.Serial) continue;
            else if (message.Type == BusMessage.Return) return message;
            else throw Failure(message);
        }
    }

    /// <summary>The next signal called <paramref name="member"/>, one that came earlier first.</summary>
    public BusMessage WaitForSignal(string member)
    {
        while (true)
        {
            if (signals.Count == 0) signals.Add(Receive());
            BusMessage message = signals[0];
            signals.RemoveAt(0);
            if (message.Type == BusMessage.Signal && message.Member == member) return message;
        }
    }

    public void Dispose() => socket.Dispose();

    private static BusException Failure(BusMessage message)
    {
        string text = message.Signature.StartsWith('s') ? new BusReader(message.Body).Text() : "no reason given";
        return new BusException(message.ErrorName ?? "", text);
    }

    // The kernel tells the other side who we are; the number only has to agree.
    private void Authenticate()
    {
        string user = Users.geteuid().ToString(CultureInfo.InvariantCulture);
        string encoded = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(user));
        FileCalls.WriteAll(socket.Number, Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {encoded}\r\n"), path);
        StringBuilder answer = new();
        while (answer.Length < 512 && !answer.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            answer.Append((char)Read(1)[0]);
        if (!answer.ToString().StartsWith("OK ", StringComparison.Ordinal))
            throw new SystemCallException("authenticate", path, Errno.EACCES);
        FileCalls.WriteAll(socket.Number, "BEGIN\r\n"u8, path);
    }

    private BusMessage Receive()
    {
        byte[] prefix = Read(BusMessage.PrefixLength);
        return BusMessage.Parse([.. prefix, .. Read(BusMessage.LengthOf(prefix) - prefix.Length)]);
    }

    private byte[] Read(int count)
    {
        byte[] buffer = new byte[count];
        int done = 0;
        fixed (byte* start = buffer)
        {
            while (done < count)
            {
                if (Polling.Wait(socket.Number, Polling.POLLIN, -1, PatienceMilliseconds) == 0)
                    throw new SystemCallException("read", path, Errno.ETIMEDOUT);
                long length = SystemCallException.Check(
                    FileCalls.read(socket.Number, start + done, (nuint)(count - done)), "read", path);
                if (length == 0) throw new SystemCallException("read", path, Errno.ECONNRESET);
                done += (int)length;
            }
        }

        return buffer;
    }
}
