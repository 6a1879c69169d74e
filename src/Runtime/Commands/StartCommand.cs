using Container.Native.Cgroups.Hierarchies;
using Container.Native.Hooks;
using Container.Native.Launch;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Creation;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun start ID</c></summary>
internal sealed class StartCommand : Command
{
    private const int EndMilliseconds = 10_000;

    public override string Name => "start";

    public override string Summary => "let a created container run its program";

    public override string Operands => "<container-id>";

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using NotifySocket? notify = Start(global, directory);
        if (notify is null) return 0;

        // Without the lock: it may take as long as the program likes, and others may want to end it.
        using FileDescriptor? process = FindProcess(directory);
        if (process is not null) notify.Wait(process, directory.State.Pid);
        return 0;
    }

    private static NotifySocket? Start(GlobalOptions global, ContainerDirectory directory)
    {
        using ContainerLock held = directory.Lock(global.Root);
        ContainerStatus status = directory.GetStatus();
        if (status != ContainerStatus.Created)
            throw new RuntimeException($"container '{directory.Id}' is {StatusText.Of(status)}, not created");
        ContainerHooks? hooks = directory.State.HasHooks
            ? ContainerHooks.Of(directory, directory.ReadConfiguration(), global.Root)
            : null;
        NotifySocket? notify = NotifySocket.Open(directory.Path, global.Log);
        try
        {
            Start(directory, global, hooks);
            global.Log.Debug($"process {directory.State.Pid} runs its program");
            return notify;
        }
        catch
        {
            notify?.Dispose();
            throw;
        }
    }

    private static void Start(ContainerDirectory directory, GlobalOptions global, ContainerHooks? hooks)
    {
        try
        {
            Connect(directory, hooks);
            _ = FileCalls.unlinkat(FileCalls.AT_FDCWD, $"{directory.Path}/{ContainerDirectory.StartSocket}", 0);
            hooks?.RunPoststart();
        }
        catch (LaunchException)
        {
            // It has told us and ends: who looks next is not to find it running.
            ContainerSignal.WaitForEnd(directory, EndMilliseconds);
            throw;
        }
        catch (HookException)
        {
            // "stop the container, and continue the lifecycle at step 12", where it is destroyed (runtime.md,
            // "Lifecycle", steps 7 and 9).
            Destroy(directory, global.Log);
            throw;
        }
    }

    private static void Destroy(ContainerDirectory directory, Log log)
    {
        try
        {
            ContainerRemoval.Remove(directory, log);
        }
        catch (Exception failure) when (failure is RuntimeException or SystemCallException or CgroupException)
        {
            // What the caller is to know is which hook failed.
            log.Warn(failure.Message);
        }
    }

    private static void Connect(ContainerDirectory directory, ContainerHooks? hooks)
    {
        using StartConnection connection = StartConnection.Connect(directory.Path, ContainerDirectory.StartSocket);
        connection.WaitUntilExecuted(
            index => Step(directory.State, index),
            () => RunHooks(directory, hooks!),
            (channel, number) => SendListener(directory, channel, number));
    }

    private static FileDescriptor? FindProcess(ContainerDirectory directory) =>
        directory.State.FindProcess() is { } process ? ContainerSignal.TryOpen(process) : null;

    private static FileDescriptor OpenProcess(ContainerDirectory directory) =>
        FindProcess(directory) ?? throw new RuntimeException($"'{directory.Id}': container not running");

    private static void SendListener(ContainerDirectory directory, PacketSocket channel, int number)
    {
        using FileDescriptor process = OpenProcess(directory);
        using FileDescriptor listener = ListenerTransfer.Receive(channel, process, number);
        SeccompListener.Send(
            directory.ReadConfiguration().Linux!.Seccomp!, listener, directory.State.Pid,
            directory.Describe(ContainerStatus.Created));
    }

    private static void RunHooks(ContainerDirectory directory, ContainerHooks hooks)
    {
        using FileDescriptor process = OpenProcess(directory);
        hooks.RunStartContainer(process);
    }

    private static LaunchStep Step(StoredState state, int index)
    {
        int position = index - state.FirstStartStep;
        return state.StartSteps is { } steps && position >= 0 && position < steps.Count
            ? new LaunchStep(steps[position].Operation, steps[position].Subject, null)
            : new LaunchStep("start", null, null);
    }
}
