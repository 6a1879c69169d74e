using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>What a new container's first process and a later one have in common: everything after the root is in
/// place.</summary>
internal static class ProcessCompiler
{
    private const int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private const int KEYCTL_SETPERM = 5;
    private const int KEY_SPEC_SESSION_KEYRING = -3;
    private const int FirstFreeDescriptor = 3;
    /// <summary>From the keyring to execve(2).</summary>
    /// <param name="plan">The plan to add to.</param>
    /// <param name="process">What to run.</param>
    /// <param name="linux">What the document says of every process of the container.</param>
    /// <param name="root">The container's root directory.</param>
    /// <param name="console">A slot with the process' end of its terminal, or null.</param>
    /// <param name="filter">The compiled system-call filter, or null.</param>
    /// <param name="inUserNamespace">Whether the process is in a user namespace other than ours.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="hooks">Whether there are startContainer hooks.</param>
    public static void Add(
        LaunchPlan plan,
        OciProcess process,
        OciLinux? linux,
        LaunchSlot root,
        LaunchSlot? console,
        SeccompProgram? filter,
        bool inUserNamespace,
        LaunchOptions options,
        bool hooks = false)
    {
        if (!options.NoNewKeyring) JoinKeyring(plan, options.Id);
        nint environment = EnvironmentCompiler.Add(plan, process, root, options);
        ScheduleCompiler.Add(plan, process);
        PlacementCompiler.Add(plan, linux);
        uint mask = process.User.Umask ?? 0x12;
        plan.Call(SystemCallNumber.umask, new LaunchStep("umask", Convert.ToString(mask, 8), null), [mask]);
        ConsoleCompiler.Connect(plan, console, options.StandardStreams);
        StreamOwner.Add(plan, process, options);

        LaunchSlot? program = options.HideExecutable ? plan.AddSlot() : null;
        LaunchSlot? signals = options.StartSocket is null ? null : StartCompiler.Prepare(plan, options, program);

        // A filter may forbid it, and without no_new_privs the filter comes with the credentials.
        bool filteredEarly = filter is not null && !process.NoNewPrivileges;
        if (filteredEarly) ProgramSteps.CloseDescriptors(plan, options.PreserveFds);
        CredentialCompiler.Add(plan, process, filter, inUserNamespace, options.KeepGroups);
        if (options.DieWithParent)
        {
            // After the ids: a change of credentials clears it (prctl(2)).
            plan.Call(
                SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_PDEATHSIG", "SIGKILL"),
                [Credentials.PR_SET_PDEATHSIG, Signals.SIGKILL, 0, 0, 0]);
        }

        IReadOnlyList<string> arguments = process.Args!;
        string file = options.Executable ?? arguments[0];
        ProgramSteps.FindExecutable(plan, file, process.Env);
        if (signals is { } source) StartCompiler.Await(plan, options, source);
        if (hooks) AddHooks(plan, HookPoint.StartContainer);

        int report = FirstFreeDescriptor + options.PreserveFds;
        if (options.HideExecutable) KeepChannel(plan, report);

        // From here on no descriptor is opened and no memory is taken, so no limit can hit us.
        SetLimits(plan, process.Rlimits);
        if (!filteredEarly) ProgramSteps.CloseDescriptors(plan, options.PreserveFds);
        if (options.HideExecutable) KeepChannel(plan, report);
        if (process.NoNewPrivileges && filter is not null) CredentialCompiler.AddFilter(plan, filter);
        if (options.Init)
        {
            LaunchStep fork = new("fork", "init", "forwards signals and reaps");
            (nint start, nint length) = OwnArguments.Find();
            plan.Add(OperationKind.Init, fork, [process.Terminal ? 1 : 0, start, length]);
        }

        LaunchStep execute = new("exec", file, string.Join(' ', arguments));
        if (program is not { } trampoline)
        {
            plan.Add(OperationKind.Execute, execute, [plan.Texts(arguments), environment]);
            return;
        }

        plan.Preset(trampoline, AddTrampoline(plan, report));
        plan.Add(
            OperationKind.ExecuteThrough, execute, [plan.Texts(["", .. arguments]), environment, trampoline]);
    }

    // Twice: the number is taken while no limit stands against it, and again when all was made close-on-exec.
    private static void KeepChannel(LaunchPlan plan, int number) =>
        plan.Add(OperationKind.KeepChannel, new LaunchStep("keep-channel", $"{number}", null), [number]);

    private static int AddTrampoline(LaunchPlan plan, int report)
    {

        // Above the number that the channel gets.
        using FileDescriptor program = ExecTrampoline.Create(report, LaunchReport.Failed, plan.Count);
        int number = FileCalls.fcntl(program.Number, FileCalls.F_DUPFD_CLOEXEC, report + 1);
        return plan.Own(new FileDescriptor(SystemCallException.Check(number, "fcntl(F_DUPFD_CLOEXEC)")));
    }

    /// <summary>Stops until whoever reads the channel has run the hooks.</summary>
    public static void AddHooks(LaunchPlan plan, HookPoint point)
    {
        plan.Add(OperationKind.Notify, new LaunchStep("send", $"{point} hooks", null), [(nint)point, -1]);
        plan.Add(
            OperationKind.WaitForParent, new LaunchStep("wait-for-parent", null, $"{point} hooks"), [0, 0, 0]);
    }

    /// <summary>
    /// The container's keyring, which the first process makes and later ones join by its name: for that its owner, root of
    /// the container, has to be let search it, as runc does. A process that joins none has its caller's keys.
    /// </summary>
    private static void JoinKeyring(LaunchPlan plan, string id)
    {
        const uint Permissions = 0x3F1B0000;

        plan.Call(
            SystemCallNumber.keyctl, new LaunchStep("keyctl", "the container's session keyring", null),
            [KEYCTL_JOIN_SESSION_KEYRING, plan.Text("_ses." + id)], tolerated: Errno.ENOSYS, skip: 1);
        plan.Call(
            SystemCallNumber.keyctl, new LaunchStep("keyctl", "the container's session keyring", "KEYCTL_SETPERM"),
            [KEYCTL_SETPERM, KEY_SPEC_SESSION_KEYRING, (nint)Permissions], tolerated: Errno.EACCES);
    }

    /// <summary>
    /// The directory is opened inside the root and without magic links, so /proc/self/fd/N cannot name a directory of
    /// the host that some descriptor still holds (CVE-2024-21626).
    /// </summary>
    public static void ChangeDirectory(LaunchPlan plan, string path, LaunchSlot root, LaunchOptions options)
    {
        LaunchSlot directory = plan.AddSlot();
        plan.Add(
            OperationKind.MakeDirectories, new LaunchStep("chdir", path, null),
            [root, plan.Text(path), 0x1ED, options.ForceWalk ? 1 : 0], directory);
        plan.Call(SystemCallNumber.fchdir, new LaunchStep("fchdir", path, null), [directory]);
        plan.Close(directory);
    }

    private static void SetLimits(LaunchPlan plan, IReadOnlyList<OciRlimit>? limits)
    {
        for (int i = 0; limits is not null && i < limits.Count; i++)
        {
            OciRlimit limit = limits[i];
            plan.Call(
                SystemCallNumber.prlimit64,
                new LaunchStep("setrlimit", limit.Type, $"{Describe(limit.Soft)}:{Describe(limit.Hard)}"),
                [0, ResourceLimits.Number(limit.Type), plan.Data<ulong>([limit.Soft, limit.Hard]), 0]);
        }

        static string Describe(ulong value) => value == ulong.MaxValue ? "unlimited" : $"{value}";
    }
}
