using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Signals of this process: signal(2), pthread_sigmask(3), kill(2), signalfd(2).</summary>
internal static unsafe partial class Signals
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGPIPE = 13;
    public const int SIGTERM = 15;

    private const int SIG_BLOCK = 0;
    private const nint SIG_IGN = 1;
    private const int SFD_NONBLOCK = 0x800;
    private const int SFD_CLOEXEC = 0x80000;
    private const int SA_SIGINFO = 4;
    private const int SA_RESTART = 0x10000000;
    private const int SetWords = 16;

    /// <summary>Has the kernel drop a signal.</summary>
    public static void Ignore(int number) => _ = signal(number, SIG_IGN);

    /// <summary>Blocks signals for the calling thread.</summary>
    public static void Block(params ReadOnlySpan<int> numbers)
    {
        ulong* set = stackalloc ulong[SetWords];
        Fill(set, numbers);
        int error = pthread_sigmask(SIG_BLOCK, set, null);
        if (error != 0) throw new SystemCallException("pthread_sigmask", null, (Errno)error);
    }

    /// <summary>Has a function called for a signal, with its number, siginfo_t and ucontext_t: sigaction(2).</summary>
    public static void Handle(int number, delegate* unmanaged<int, void*, byte*, void> handler)
    {
        Action action = new() { Handler = (nint)handler, Flags = SA_SIGINFO | SA_RESTART };
        SystemCallException.Check(sigaction(number, &action, null), "sigaction");
    }

    /// <summary>Gives a signal its default action again.</summary>
    public static void Reset(int number) => _ = signal(number, 0);

    /// <summary>A descriptor that gives signals, which every thread must have blocked.</summary>
    public static FileDescriptor OpenDescriptor(params ReadOnlySpan<int> numbers)
    {
        ulong* set = stackalloc ulong[SetWords];
        Fill(set, numbers);
        return new FileDescriptor(SystemCallException.Check(
            signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    private static void Fill(ulong* set, ReadOnlySpan<int> numbers)
    {
        // sigset_t of the C libraries has 1024 bits, of which the kernel looks at 64.
        new Span<ulong>(set, SetWords).Clear();
        foreach (int number in numbers)
        {
            set[0] |= 1UL << (number - 1);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tgkill(int process, int thread, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int number, Action* action, Action* old);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int descriptor, ulong* mask, int flags);

    /// <summary>struct sigaction of the C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Action
    {
        public nint Handler;
        public fixed ulong Mask[SetWords];
        public int Flags;
        public nint Restorer;
    }
}
