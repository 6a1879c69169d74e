using System.Globalization;
using System.Text;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;
using Container.Runtime.State;

namespace Container.Runtime.Checkpoint;

/// <summary>
/// The prestart and createRuntime hooks of a container that is restored: an engine sets its network up with them. They
/// run when its namespaces are there and its processes are not, as with runc. criu tells that by running us as its
/// action script, in a mount namespace and a cgroup that are not those hooks belong in; so that process asks this one.
/// </summary>
internal sealed class RestoreHooks : IDisposable
{
    private const string Variable = "PSRUN_RESTORE";
    private const string SocketName = "restore.sock";

    // criu(8), "--action-script".
    private const string ActionVariable = "CRTOOLS_SCRIPT_ACTION";
    private const string ProcessVariable = "CRTOOLS_INIT_PID";

    private readonly ContainerDirectory directory;
    private readonly OciHooks hooks;
    private readonly PacketSocket socket;

    private RestoreHooks(ContainerDirectory directory, OciHooks hooks)
    {
        this.directory = directory;
        this.hooks = hooks;
        socket = PacketSocket.Listen(directory.Path, SocketName, 1);
    }

    /// <summary>Whether this process is run by criu.</summary>
    public static bool IsAction => Environment.GetEnvironmentVariable(ActionVariable) is not null;

    /// <summary>What criu is told.</summary>
    public static string[] Arguments => ["--action-script", Files.ReadLink("/proc/self/exe") ?? ""];

    /// <summary>What criu passes on to the script.</summary>
    public string EnvironmentEntry => $"{Variable}={directory.Path}";

    /// <summary>The hook that failed.</summary>
    public HookException? Failure { get; private set; }

    /// <summary>The hooks of a container; null where it has none.</summary>
    public static RestoreHooks? Of(ContainerDirectory directory, OciHooks? hooks) =>
        hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 } ? new RestoreHooks(directory, hooks) : null;

    /// <summary>The part of the process that criu runs; it fails where the hooks do.</summary>
    public static int RunAction()
    {
        if (Environment.GetEnvironmentVariable(ActionVariable) != "setup-namespaces") return 0;
        string path = Environment.GetEnvironmentVariable(Variable) ?? "";
        string pid = Environment.GetEnvironmentVariable(ProcessVariable) ?? "";
        try
        {
            using PacketSocket asked = PacketSocket.Connect(path, SocketName);
            asked.Send(Encoding.ASCII.GetBytes(pid));
            return asked.Receive(stackalloc byte[1], []) == 1 ? 0 : 1;
        }
        catch (SystemCallException failure)
        {
            Output.WriteError("psrun: " + failure.Message);
            return 1;
        }
    }

    /// <summary>Answers criu until it ends.</summary>
    public void Serve(FileDescriptor criu)
    {
        int ready = 0;
        while ((ready & 2) == 0)
        {
            ready = Polling.Wait(socket.Descriptor.Number, Polling.POLLIN, criu.Number, -1);
            if ((ready & 1) != 0) Answer();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _ = Files.unlinkat(Files.AT_FDCWD, $"{directory.Path}/{SocketName}", 0);
    }

    private void Answer()
    {
        using PacketSocket client = socket.Accept();
        Span<byte> packet = stackalloc byte[16];
        int length = client.Receive(packet, []);
        if (!int.TryParse(packet[..length], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) return;
        OciState state = directory.Describe(ContainerStatus.Created) with { Pid = pid };
        try
        {
            HookRunner runner = new(new HostProgram());
            runner.Run("prestart", hooks.Prestart, state);
            runner.Run("createRuntime", hooks.CreateRuntime, state);
            client.Send([1]);
        }
        catch (HookException failure)
        {
            Failure = failure;
        }
    }
}
