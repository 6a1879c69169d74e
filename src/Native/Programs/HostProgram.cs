using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Programs;

/// <summary>
/// Runs programs to their end, as plans of their own.
/// </summary>
internal sealed class HostProgram : IHookProgram
{
    private readonly FileDescriptor? container;
    private readonly FileDescriptor? root;
    private readonly FileDescriptor? directory;
    private readonly ulong namespaces;

    // We could not enter its pid namespace for our children, or not come back: the child goes on in one of its own there.
    private readonly bool joinsByFork;

    /// <summary>Programs in the namespaces of this process.</summary>
    public HostProgram()
    {
    }

    /// <summary>Programs in the namespaces of a container.</summary>
    /// <param name="container">The container's first process.</param>
    /// <param name="linux">Which namespaces it has.</param>
    /// <param name="root">The directory that is their root.</param>
    /// <param name="directory">Their working directory.</param>
    public HostProgram(FileDescriptor container, OciLinux? linux, FileDescriptor root, FileDescriptor directory)
    {
        this.directory = directory;
        this.container = container;
        this.root = root;
        namespaces = new LaunchNamespaces(linux?.Namespaces).All;
        joinsByFork = (namespaces & CloneArguments.CLONE_NEWPID) != 0 && !UserNamespace.IsRootOfHost;
    }

    /// <summary>Runs a program and waits for it.</summary>
    /// <param name="file">The program; without a slash it is looked for in PATH of the environment.</param>
    /// <param name="arguments">Its arguments, argv[0] included.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="input">What is on its standard input.</param>
    /// <param name="timeout">Seconds after which it is killed.</param>
    /// <exception cref="LaunchException">It cannot be run.</exception>
    public ProgramResult Run(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string>? environment,
        ReadOnlySpan<byte> input,
        int? timeout = null) => Run(file, arguments, environment, input, timeout, bundle: null);

    /// <inheritdoc/>
    public ProgramResult Run(OciHook hook, OciState state)
    {
        IReadOnlyList<string> arguments = hook.Args is { Count: > 0 } given ? given : [hook.Path];
        return Run(
            hook.Path, arguments, hook.Env ?? OwnEnvironment(), OciDocument.Write(state), hook.Timeout, state.Bundle);
    }

    private ProgramResult Run(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string>? environment,
        ReadOnlySpan<byte> input,
        int? timeout,
        string? bundle)
    {
        using ProgramStreams streams = new(input);
        LaunchPlan plan = new();
        LaunchedProcess? process = null;
        try
        {
            Compile(plan, file, arguments, environment, streams.Numbers, bundle);
            ulong pid = joinsByFork ? 0 : namespaces & CloneArguments.CLONE_NEWPID;
            using (container is null ? null : NamespaceVisit.Enter(container, pid))
            {
                process = LaunchedProcess.Start(plan, 0, null);
            }

            if (joinsByFork) process.FollowFork();
        }
        catch
        {
            // Where the container ends next, its first process waits until this one has been waited for.
            process?.Abandon();
            if (process is null) plan.Dispose();
            else process.Dispose();
            throw;
        }

        using (process) return streams.Finish(process, timeout);
    }

    // A hook without an environment has its caller's in runc and crun; the specification does not say.
    private static List<string> OwnEnvironment()
    {
        List<string> variables = [];
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if ((string)variable.Key != SelfExecutable.MarkerName) variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables;
    }

    private void Compile(
        LaunchPlan plan,
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string>? environment,
        ReadOnlySpan<int> streams,
        string? bundle)
    {
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        if (container is not null) Join(plan);
        else if (bundle is not null) Enter(plan, bundle);
        for (int i = 0; i < streams.Length; i++)
        {
            plan.Call(SystemCallNumber.dup3, new LaunchStep("dup", $"{i}", null), [streams[i], i, 0]);
        }

        ProgramSteps.FindExecutable(plan, file, environment);
        ProgramSteps.CloseDescriptors(plan, 0);
        plan.Add(
            OperationKind.Execute, new LaunchStep("exec", file, null),
            [plan.Texts(arguments), plan.Texts(environment ?? [])]);
    }

    // Where runc and crun have it at create, whoever runs delete and wherever. It may be gone by then.
    private static void Enter(LaunchPlan plan, string bundle)
    {
        plan.Call(SystemCallNumber.chdir, new LaunchStep("chdir", "/", null), [plan.Text("/")]);
        plan.Call(
            SystemCallNumber.chdir, new LaunchStep("chdir", bundle, null), [plan.Text(bundle)], tolerated: Errno.ENOENT);
    }

    private void Join(LaunchPlan plan)
    {
        // The container's processes must not get at us before execve(2): CVE-2016-9962.
        plan.SetUndumpable();
        ulong joined = joinsByFork ? namespaces : namespaces & ~CloneArguments.CLONE_NEWPID;
        if (joined != 0)
        {
            LaunchSlot target = plan.AddSlot(container!.Number);
            plan.Call(
                SystemCallNumber.setns, new LaunchStep("setns", "the container", LaunchNamespaces.Names(joined)),
                [target, (nint)joined]);
        }

        plan.Call(
            SystemCallNumber.fchdir, new LaunchStep("fchdir", "the root", null), [plan.AddSlot(root!.Number)]);
        plan.Call(SystemCallNumber.chroot, new LaunchStep("chroot", "the root", null), [plan.Text(".")]);
        plan.Call(
            SystemCallNumber.fchdir, new LaunchStep("fchdir", "rootfs", null), [plan.AddSlot(directory!.Number)]);

        if (joinsByFork) plan.Fork(new LaunchStep("fork", null, "pid"), 0);
        if ((joined & CloneArguments.CLONE_NEWUSER) != 0) ProgramSteps.BecomeRoot(plan);
    }
}
