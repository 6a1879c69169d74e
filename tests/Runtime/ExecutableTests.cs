using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>The file of psrun, and the threads of its process.</summary>
public sealed class ExecutableTests
{
    private const int ProgramHeaderSize = 56;
    private const uint PT_DYNAMIC = 2;
    private const uint PT_INTERP = 3;

    [Fact]
    public void NothingIsLoadedAndNothingIsRelocated()
    {
        Assert.SkipUnless(File.Exists(Psrun.Executable), "psrun is not published");
        byte[] file = File.ReadAllBytes(Psrun.Executable);
        const ushort ET_EXEC = 2;
        Assert.Equal(ET_EXEC, MemoryMarshal.Read<ushort>(file.AsSpan(16)));
        int table = (int)MemoryMarshal.Read<long>(file.AsSpan(32));
        int count = MemoryMarshal.Read<ushort>(file.AsSpan(56));
        Assert.True(count > 0);
        for (int i = 0; i < count; i++)
        {
            uint type = MemoryMarshal.Read<uint>(file.AsSpan(table + i * ProgramHeaderSize));
            Assert.NotEqual(PT_INTERP, type);
            Assert.NotEqual(PT_DYNAMIC, type);
        }
    }

    [Fact]
    public void AStartDoesNotAskWhatTheCollectorHasNoUseFor()
    {
        Assert.SkipUnless(File.Exists(Psrun.Executable), "psrun is not published");
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using Process strace = Process.Start(new ProcessStartInfo(
            "/usr/bin/strace", ["-f", "-e", "trace=openat,statfs", Psrun.Executable, "--version"])
            { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string calls = strace.StandardError.ReadToEnd();
        Assert.Contains("/proc/self/maps", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("cgroup", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("mountinfo", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("/cache/", calls, StringComparison.Ordinal);
    }

    // A signal to the process goes to any thread that has not blocked it; there its default action would end psrun. The
    // second case starts with every signal blocked, also the one that psrun interrupts the other thread with.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryThreadOfTheForegroundHasItsSignalsBlocked(bool callerBlocks)
    {
        const ulong Wanted = 1UL << 0 | 1UL << 1 | 1UL << 2 | 1UL << 14; // HUP, INT, QUIT, TERM
        using Psrun psrun = new();
        using Bundle bundle = new(psrun, "/bin/sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done");
        const string Code = "$s = POSIX::SigSet->new; $s->fillset; POSIX::sigprocmask(POSIX::SIG_BLOCK, $s); exec @ARGV";
        string[] call = ["--root", psrun.Root, "run", "-b", bundle.Path, "c"];
        ProcessStartInfo start = callerBlocks
            ? new("perl", ["-MPOSIX", "-e", Code, Psrun.Executable, .. call])
            : new(Psrun.Executable, call);
        start.RedirectStandardOutput = true;
        using Process run = Process.Start(start)!;
        Assert.Equal("ready", run.StandardOutput.ReadLine());

        string[] threads = Directory.GetDirectories($"/proc/{run.Id}/task");
        Assert.Equal(2, threads.Length);
        foreach (string thread in threads)
        {
            string line = File.ReadLines(thread + "/status").First(static text => text.StartsWith("SigBlk:"));
            Assert.Equal(Wanted, Convert.ToUInt64(line["SigBlk:".Length..].Trim(), 16) & Wanted);
        }

        Assert.Equal(0, kill(run.Id, 15));
        Assert.True(run.WaitForExit(60_000));
        Assert.Equal(7, run.ExitCode);
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
