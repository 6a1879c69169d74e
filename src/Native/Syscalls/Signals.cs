using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Container.Native.Syscalls;

/// <summary>Signals of this process: signal(2), pthread_sigmask(3), kill(2), signalfd(2).</summary>
internal static unsafe partial class Signals
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGABRT = 6;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGPIPE = 13;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGTTIN = 21;
    public const int SIGTTOU = 22;
    public const int SIGWINCH = 28;

    public const int SIG_SETMASK = 2;

    private const int SFD_NONBLOCK = 0x800;
    private const int SFD_CLOEXEC = 0x80000;

    /// <summary>Has the kernel drop a signal.</summary>
    public static void Ignore(int number) => _ = signal(number, LibC.SIG_IGN);

    /// <summary>Blocks signals for the calling thread.</summary>
    public static void Block(params ReadOnlySpan<int> numbers) => Change(LibC.SIG_BLOCK, numbers);

    /// <summary>Blocks no signal for the calling thread.</summary>
    public static void UnblockAll() => Change(SIG_SETMASK, []);

    /// <summary>Has a function called for a signal, with its number, siginfo_t and ucontext_t: sigaction(2).</summary>
    public static void Handle(int number, delegate* unmanaged<int, void*, byte*, void> handler)
    {
        sigaction action = new() { sa_sigaction = handler, sa_flags = LibC.SA_SIGINFO | LibC.SA_RESTART };
        SystemCallException.Check(LibC.sigaction(number, &action, null), "sigaction");
    }

    /// <summary>Gives a signal its default action again.</summary>
    public static void Reset(int number) => _ = signal(number, LibC.SIG_DFL);

    /// <summary>A descriptor that gives signals, which every thread must have blocked.</summary>
    public static FileDescriptor OpenDescriptor(params ReadOnlySpan<int> numbers)
    {
        sigset_t set = Set(numbers);
        return new FileDescriptor(SystemCallException.Check(
            signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
    }

    public static int kill(int pid, int signal) => LibC.kill(pid, signal);

    private static void Change(int how, ReadOnlySpan<int> numbers)
    {
        sigset_t set = Set(numbers);
        int error = LibC.pthread_sigmask(how, &set, null);
        if (error != 0) throw new SystemCallException("pthread_sigmask", null, (Errno)error);
    }

    private static sigset_t Set(ReadOnlySpan<int> numbers)
    {
        sigset_t set;
        _ = LibC.sigemptyset(&set);
        foreach (int number in numbers) _ = LibC.sigaddset(&set, number);
        return set;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tgkill(int process, int thread, int signal);

    [LibraryImport("libc")]
    private static partial nint signal(int number, void* handler);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int descriptor, sigset_t* mask, int flags);
}
