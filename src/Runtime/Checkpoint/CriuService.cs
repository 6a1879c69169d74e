using System.Globalization;
using System.Text;
using Container.Native.Cgroups;
using Container.Native.Hooks;
using Container.Native.Launch;
using Container.Native.Processes;
using Container.Native.Sockets;
using Container.Native.Syscalls;

namespace Container.Runtime.Checkpoint;

/// <summary>criu as a service for one request, over a socket it inherits: <c>criu swrk</c>.</summary>
internal sealed class CriuService : IDisposable
{
    private const ulong Notification = 6;
    private readonly PacketSocket own;
    private readonly PacketSocket theirs;

    public CriuService() => (own, theirs) = PacketSocket.CreatePair();

    /// <summary>The hook that failed when the namespaces were there.</summary>
    public HookException? Failure { get; private set; }

    /// <summary>Takes the pid of the container's first process when its namespaces are there.</summary>
    public Action<int>? NamespacesMade { get; init; }

    /// <summary>The master of the restored terminal, which the caller owns.</summary>
    public FileDescriptor? Terminal { get; private set; }

    /// <summary>The pid of the restored process.</summary>
    public int Pid { get; private set; }

    /// <summary>The command line.</summary>
    public string[] Command(Criu criu) =>
        [criu.Executable, "swrk", theirs.Descriptor.Number.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Lets the program have its end of the socket.</summary>
    public void Pass(LaunchPlan plan)
    {
        plan.Call(
            SystemCallNumber.fcntl, new LaunchStep("fcntl", "criu", "keep"),
            [theirs.Descriptor.Number, FileCalls.F_SETFD, 0]);
    }

    /// <summary>Runs criu, which a plan makes ready, to its end.</summary>
    public void Run(LaunchPlan plan, CgroupManager? cgroup, CriuPaths paths, string verb, IReadOnlyList<string> arguments)
    {
        using FileDescriptor? directory = cgroup?.OpenForClone();
        using LaunchedProcess process = LaunchedProcess.Start(plan, 0, directory);
        bool succeeded = false;
        try
        {
            process.WaitUntilExecuted();

            // criu takes them from us by /proc, and mounts there: they have to be those of its mount namespace.
            using FileDescriptor images = OpenDirectory(process, paths.Images);
            using FileDescriptor work = OpenDirectory(process, paths.Work);
            succeeded = Converse(CriuRequest.Create(verb, arguments, images, work));
        }
        finally
        {
            own.Shutdown();
            ChildProcess.Wait(process.PidFd);
        }

        if (Failure is not null) throw Failure;
        if (!succeeded) throw Criu.Failure(paths, verb, "it failed");
    }

    /// <summary>Sends the request and answers what criu asks; false where it fails.</summary>
    private bool Converse(byte[] request)
    {
        // Whether criu has ended is told by the end of the socket, of which it has the only other end now.
        theirs.Dispose();
        own.Send(request);
        byte[] packet = new byte[PacketSocket.MaximumLength];
        List<FileDescriptor> received = [];
        while (true)
        {
            int length = own.Receive(packet, received);
            if (length == 0) return false;
            (bool isNotification, bool isSuccess) = Read(packet.AsSpan(0, length), received);
            foreach (FileDescriptor descriptor in received) descriptor.Dispose();
            received.Clear();
            if (!isNotification) return isSuccess;
            ProtobufWriter answer = new();
            answer.Number(1, Notification);
            if (Failure is null) answer.Flag(3);
            own.Send(answer.ToArray());
        }
    }

    public void Dispose()
    {
        own.Dispose();
        theirs.Dispose();
        Terminal?.Dispose();
    }

    /// <summary>Hands over the master of the restored terminal.</summary>
    public FileDescriptor? TakeTerminal()
    {
        FileDescriptor? terminal = Terminal;
        Terminal = null;
        return terminal;
    }

    private (bool IsNotification, bool IsSuccess) Read(ReadOnlySpan<byte> packet, List<FileDescriptor> received)
    {
        ulong type = 0;
        bool isSuccess = false;
        ProtobufReader response = new(packet);
        while (response.Next())
        {
            if (response.Field == 1) type = response.Number;
            else if (response.Field == 2) isSuccess = response.Number != 0;
            else if (response.Field == 4) Pid = ReadNumber(response.Bytes);
            else if (response.Field == 5) Notify(response.Bytes, received);
        }

        return (type == Notification, isSuccess);
    }

    private void Notify(ReadOnlySpan<byte> notification, List<FileDescriptor> received)
    {
        string script = "";
        int pid = 0;
        ProtobufReader reader = new(notification);
        while (reader.Next())
        {
            if (reader.Field == 1) script = Encoding.ASCII.GetString(reader.Bytes);
            else if (reader.Field == 2) pid = (int)reader.Number;
        }

        try
        {
            if (script == "setup-namespaces") NamespacesMade?.Invoke(pid);
        }
        catch (HookException failure)
        {
            Failure = failure;
        }

        if (script != "orphan-pts-master" || received.Count == 0) return;
        Terminal?.Dispose();
        Terminal = received[0];
        received.RemoveAt(0);
    }

    private static FileDescriptor OpenDirectory(LaunchedProcess process, string path)
    {
        // A link on the way, as containerd has it, would lead back to our own mounts.
        using FileDescriptor here = FileCalls.Open(path, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        string real = FileCalls.ReadLink($"/proc/self/fd/{here.Number}") ?? path;
        return FileCalls.Open($"/proc/{process.Pid}/root{real}", FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
    }

    private static int ReadNumber(ReadOnlySpan<byte> message)
    {
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            if (reader.Field == 1) return (int)reader.Number;
        }

        return 0;
    }
}
