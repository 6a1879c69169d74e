using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// Carries out a plan in the child of clone3(2). The child is a copy of one thread of a process with a garbage
/// collector: it may touch only its stack and the plan's memory. So: static methods over pointers; no allocation,
/// exception, lock, virtual call or class constructor; system calls through <see cref="RawCall"/> alone. A test reads
/// the compiled code and fails on anything else (design: the launch plan).
/// </summary>
internal static unsafe partial class LaunchRunner
{
    private const int ArgumentCount = 6;

    /// <summary>Runs the plan; ends in execve(2) or in _exit(2) and never returns to the caller's code.</summary>
    public static void Run(LaunchContext* context)
    {
        // As long as the child has it too, there is no end of file when the parent is killed, and it would wait for ever.
        RawCall.Invoke(SystemCallNumber.close, context->ParentEnd);
        nint* arguments = stackalloc nint[ArgumentCount];
        for (int index = 0; index < context->Count; index++)
        {
            LaunchOperation* operation = context->Operations + index;
            Resolve(context, operation, arguments);
            long result = Perform(context, operation, arguments);
            if (result < 0)
            {
                if (-result != operation->Tolerated) Fail(context, index, (int)-result);
                index += operation->Skip;
            }
            else if (operation->Result >= 0)
            {
                context->Slots[operation->Result] = (int)result;
            }
        }

        Exit(0);
    }

    private static void Resolve(LaunchContext* context, LaunchOperation* operation, nint* arguments)
    {
        nint* first = &operation->A;
        for (int i = 0; i < ArgumentCount; i++)
        {
            bool slot = (operation->SlotArguments >> i & 1) != 0;
            arguments[i] = slot ? context->Slots[(int)first[i]] : first[i];
        }
    }

    private static long Perform(LaunchContext* context, LaunchOperation* operation, nint* a)
    {
        switch (operation->Kind)
        {
            case OperationKind.Call:
                return RawCall.Invoke(operation->Number, a[0], a[1], a[2], a[3], a[4], a[5]);
            case OperationKind.OpenInRoot:
                return RootWalk.Open((int)a[0], (byte*)a[1], (ulong)a[2], (ulong)a[3], (int)a[4]);
            case OperationKind.MakeDirectories:
                return RootWalk.MakeDirectories((int)a[0], (byte*)a[1], (uint)a[2], (int)a[3]);
            case OperationKind.MakeFile:
                return MakeFile((int)a[0], (byte*)a[1], (byte*)a[2], (int)a[3]);
            case OperationKind.OpenTarget:
                return OpenTarget((int)a[0], (byte*)a[1], (byte*)a[2], (byte*)a[3], (int)a[4], (int)a[5]);
            case OperationKind.MakeTarget:
                return MakeTarget((int)a[0], (byte*)a[1], (int)a[2]);
            case OperationKind.Mask:
                return Mask(context, (int)a[0], (int)a[1], (int)a[2], (int)a[3]);
            case OperationKind.CopyMode:
                return CopyMode((int)a[0], (int)a[1]);
            case OperationKind.CopyUp:
                return CopyUp((int)a[0], (int)a[1]);
            case OperationKind.RequireDevice:
                return RequireDevice((int)a[0], (uint)a[1], (uint)a[2], (uint)a[3]);
            case OperationKind.ReplaceNull:
                return ReplaceNull((byte*)a[0]);
            case OperationKind.RefuseProc:
                return RefuseProc((int)a[0]);
            case OperationKind.WaitForParent:
                return WaitForParent(context, (int)operation->B, (int)a[2]);
            case OperationKind.Notify:
                return Notify(context, (int)a[0], 0, 0, (int)a[1]);
            case OperationKind.ResetSignals:
                return ResetSignals();
            case OperationKind.DropBounding:
                return DropBounding((ulong)a[0], (int)a[1]);
            case OperationKind.RaiseAmbient:
                return RaiseAmbient((ulong)a[0], (int)a[1]);
            case OperationKind.FindHome:
                return FindHome((int)a[0], (byte*)a[1], (uint)a[2], (byte*)a[3], (int)a[4], (int)a[5]);
            case OperationKind.FindExecutable:
                return FindExecutable(context, (byte**)a[0], (int)a[1]);
            case OperationKind.AwaitStart:
                return AwaitStart(context, (int)a[0], (int)a[1]);
            case OperationKind.CloseOthers:
                return CloseOthers(context, (int)a[0], (int*)a[1], (int)a[2]);
            case OperationKind.OwnStreams:
                return OwnStreams((uint)a[0]);
            case OperationKind.ClearOutputFlag:
                return ClearOutputFlag((int)a[0], a[1], a[2], (uint)a[3]);
            case OperationKind.Fork:
                return Fork((ulong)a[0], (ulong)a[1]);
            case OperationKind.HandOverListener:
                return HandOverListener(context, (int)a[0]);
            case OperationKind.KeepChannel:
                return KeepChannel(context, (int)a[0]);
            case OperationKind.Init:
                return Init(a[0] != 0, (byte*)a[1], a[2]);
            case OperationKind.ExecuteThrough:
                return ExecuteThrough(context, (byte**)a[0], a[1], (int)a[2]);
            case OperationKind.Execute:
                return RawCall.Invoke(SystemCallNumber.execve, (nint)context->Executable, a[0], a[1]);
            default:
                return -(long)Errno.ENOSYS;
        }
    }

    private static void Fail(LaunchContext* context, int index, int errno)
    {
        Notify(context, LaunchReport.Failed, index, errno, -1);
        Exit(1);
    }

    private static void Exit(int code)
    {
        RawCall.Invoke(SystemCallNumber.exit_group, code, 0, 0, 0, 0, 0);

        // A filter that denies even exit_group(2) must not let this process run on: it may hold host descriptors.
        while (true) *(int*)0 = 0;
    }

    private static long Fork(ulong flags, ulong sibling)
    {
        CloneArguments* arguments = stackalloc CloneArguments[1];
        CloneArguments.Clear(arguments);
        arguments->Flags = flags | CloneArguments.CLONE_PARENT | CloneArguments.CLONE_PARENT_SETTID;
        arguments->ParentTid = sibling;
        long pid = RawCall.Invoke(
            SystemCallNumber.clone3, (nint)arguments, sizeof(CloneArguments), 0, 0, 0, 0);
        if (pid > 0) Exit(0);
        return pid;
    }

    private static long ResetSignals()
    {
        const int SignalCount = 64;
        const int MaskSize = 8;

        // struct sigaction of the kernel: handler, flags, restorer, mask; all zero is the default action.
        ulong* action = stackalloc ulong[4];
        action[0] = action[1] = action[2] = action[3] = 0;
        for (int signal = 1; signal <= SignalCount; signal++)
        {
            // SIGKILL and SIGSTOP answer EINVAL, which is as it should be.
            RawCall.Invoke(SystemCallNumber.rt_sigaction, signal, (nint)action, 0, MaskSize, 0, 0);
        }

        return RawCall.Invoke(SystemCallNumber.rt_sigprocmask, Signals.SIG_SETMASK, (nint)action, 0, MaskSize, 0, 0);
    }
}
