using System.Text;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Runs programs to their end, as plans of their own. Their input and output are files in memory, so that neither side
/// can block on the other.
/// </summary>
internal sealed class HostProgram
{
    private const int MaximumOutput = 64 * 1024 * 1024;

    private readonly FileDescriptor? container;
    private readonly FileDescriptor? root;
    private readonly ulong namespaces;

    /// <summary>Programs in the namespaces of this process.</summary>
    public HostProgram()
    {
    }

    /// <summary>Programs in the namespaces of a container.</summary>
    /// <param name="container">The container's first process.</param>
    /// <param name="linux">Which namespaces it has.</param>
    /// <param name="root">The directory that is their root; null: the root of the container's mount namespace.</param>
    public HostProgram(FileDescriptor container, OciLinux? linux, FileDescriptor? root = null)
    {
        this.container = container;
        this.root = root;
        namespaces = new LaunchNamespaces(linux?.Namespaces).All;
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
        int? timeout = null)
    {
        using FileDescriptor source = Memfd.Create("input");
        Files.WriteAll(source.Number, input, "input");
        _ = Files.lseek(source.Number, 0, Files.SEEK_SET);
        using FileDescriptor target = Memfd.Create("output");

        LaunchPlan plan = new();
        LaunchedProcess process;
        try
        {
            Compile(plan, file, arguments, environment, [source, target, target]);
            ulong pid = namespaces & CloneArguments.CLONE_NEWPID;
            using NamespaceVisit? visit = container is null ? null : NamespaceVisit.Enter(container, pid);
            process = LaunchedProcess.Start(plan, 0, null);
        }
        catch
        {
            plan.Dispose();
            throw;
        }

        using (process)
        {
            ExitStatus? status = Wait(process, timeout);
            _ = Files.lseek(target.Number, 0, Files.SEEK_SET);
            return new ProgramResult(status, Encoding.UTF8.GetString(Files.ReadAll(target, MaximumOutput, "output")));
        }
    }

    private void Compile(
        LaunchPlan plan,
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string>? environment,
        ReadOnlySpan<FileDescriptor> streams)
    {
        plan.Add(OperationKind.ResetSignals, new LaunchStep("reset-signals", null, null), []);
        if (container is not null) Join(plan);
        for (int i = 0; i < streams.Length; i++)
        {
            plan.Call(SystemCallNumber.dup3, new LaunchStep("dup", $"{i}", null), [streams[i].Number, i, 0]);
        }

        ProcessCompiler.FindExecutable(plan, file, environment);
        ProcessCompiler.CloseDescriptors(plan, 0);
        plan.Add(
            OperationKind.Execute, new LaunchStep("exec", file, null),
            [plan.Texts(arguments), plan.Texts(environment ?? [])]);
    }

    private void Join(LaunchPlan plan)
    {
        // The container's processes must not get at us before execve(2): CVE-2016-9962.
        plan.Call(
            SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_DUMPABLE", "0"),
            [Credentials.PR_SET_DUMPABLE, 0, 0, 0, 0]);
        ulong joined = namespaces & ~CloneArguments.CLONE_NEWPID;
        if (joined == 0) return;
        LaunchSlot target = plan.AddSlot(container!.Number);
        plan.Call(
            SystemCallNumber.setns, new LaunchStep("setns", "the container", LaunchNamespaces.Names(joined)),
            [target, (nint)joined]);
        if (root is not null)
        {
            LaunchSlot directory = plan.AddSlot(root.Number);
            plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", "the root", null), [directory]);
            plan.Call(SystemCallNumber.chroot, new LaunchStep("chroot", "the root", null), [plan.Text(".")]);
        }

        if ((joined & CloneArguments.CLONE_NEWUSER) != 0) NamespaceCompiler.BecomeRoot(plan);
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
