using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Runtime.OwnProcess;

/// <summary>
/// The one other thread of psrun, the runtime's. Only a thread itself can block a signal, and what this one runs are
/// finalizers, after a collection that costs a tenth of all of <c>psrun run</c>. So it is sent a signal of its own, and
/// the handler changes the mask that sigreturn(2) puts back.
/// </summary>
internal static unsafe class FinalizerThread
{
    // The last real-time signal: neither the C library nor the runtime uses it.
    private const int OwnSignal = 64;
    private const int Attempts = 2000;

    private static ulong mask;
    private static int handled;

    /// <summary>Blocks signals for the thread.</summary>
    public static void Block(params ReadOnlySpan<int> numbers)
    {
        foreach (int number in numbers) mask |= 1UL << (number - 1);
        Volatile.Write(ref handled, 0);
        if (!TryInterrupt()) Collect();
    }

    private static bool TryInterrupt()
    {
        try
        {
            if (FindThread() is not { } thread || !WaitUntilIdle(thread)) return false;
            Signals.Handle(OwnSignal, &Handle);
            if (Signals.tgkill(Environment.ProcessId, thread, OwnSignal) != 0) return false;
            for (int i = 0; i < Attempts && Volatile.Read(ref handled) == 0; i++) ProcessCalls.sched_yield();
            if (Volatile.Read(ref handled) == 0) return false;
            Signals.Reset(OwnSignal);
            return true;
        }
        catch (SystemCallException)
        {
            // No procfs: the slow way needs none.
            return false;
        }
    }

    private static int? FindThread()
    {
        const string Tasks = "/proc/self/task";
        using FileDescriptor directory = FileCalls.Open(Tasks, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY);
        using DirectoryReader reader = new(directory.Number);
        int? found = null;
        while (reader.Next(Tasks))
        {
            int thread = int.Parse(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(reader.Name), CultureInfo.InvariantCulture);
            if (thread == Environment.ProcessId) continue;
            if (found is not null) return null;
            found = thread;
        }

        return found;
    }

    /// <summary>
    /// A handler may be managed code only where the thread is in none: asleep as pthread_cond_wait(3) sleeps, in the
    /// runtime's wait for objects to finalize. Nothing but a collection wakes it from there.
    /// </summary>
    private static bool WaitUntilIdle(int thread)
    {
        string path = $"/proc/self/task/{thread}/syscall";
        for (int i = 0; i < Attempts; i++)
        {
            using (FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY))
            {
                if (IsWaiting(FileCalls.ReadAll(file, 512, path))) return true;
            }

            ProcessCalls.sched_yield();
        }

        return false;
    }

    // NUMBER ARGUMENT…: futex(2), and FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME.
    private static bool IsWaiting(ReadOnlySpan<byte> call) =>
        call.StartsWith(X86Base.X64.IsSupported ? "202 "u8 : "98 "u8) && call.IndexOf(" 0x189 "u8) > 0;

    [UnmanagedCallersOnly]
    private static void Handle(int signal, void* information, byte* context)
    {
        // uc_sigmask of struct ucontext, as the kernel lays it out on x86-64 and on arm64.
        *(ulong*)(context + (X86Base.X64.IsSupported ? 296 : 40)) |= mask;
        Volatile.Write(ref handled, 1);
    }

    private static void Collect()
    {
        Abandon();
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon() => _ = new Blocker();

    private sealed class Blocker
    {
        ~Blocker()
        {
            for (int number = 1; number <= OwnSignal; number++)
            {
                if ((mask >> (number - 1) & 1) != 0) Signals.Block(number);
            }
        }
    }
}
