using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Runtime.OwnProcess;

/// <summary>What a process of ours that outlives the command that started it does first.</summary>
internal static unsafe class BackgroundProcess
{
    /// <summary>Leaves the session, the directory and the descriptors of whoever started it.</summary>
    public static void Detach(string name)
    {
        Signals.Ignore(Signals.SIGPIPE);
        Signals.Ignore(Signals.SIGHUP);

        // Whoever started us may have more open than it knows, and waits for the other end to be closed.
        RawCall.Invoke(SystemCallNumber.close_range, 3, int.MaxValue);

        // EPERM: we lead a session already.
        _ = ProcessCalls.setsid();

        // Who lives on has no parent to die with, and no children but its own to wait for.
        _ = Credentials.prctl(Credentials.PR_SET_PDEATHSIG, 0, 0, 0, 0);
        _ = Credentials.prctl(Credentials.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
        SystemCallException.Check(ProcessCalls.chdir("/"), "chdir", "/");
        fixed (byte* text = Utf8.Terminated(name))
        {
            _ = Credentials.prctl(Credentials.PR_SET_NAME, (nuint)text, 0, 0, 0);
        }

        // In a user namespace it would keep us from writing the id maps of our own children.
        if (UserNamespace.IsRootOfHost) _ = Credentials.prctl(Credentials.PR_SET_DUMPABLE, 0, 0, 0, 0);
    }

    /// <summary>Tells whoever waits that it can connect, and lets go of the standard streams.</summary>
    public static void SayReady()
    {
        FileCalls.WriteAll(1, "ready\n"u8, "standard output");
        using FileDescriptor none = FileCalls.Open("/dev/null", FileCalls.O_RDWR);
        for (int i = 0; i < 3; i++)
        {
            SystemCallException.Check(FileCalls.dup3(none.Number, i, 0), "dup3", "/dev/null");
        }
    }
}
