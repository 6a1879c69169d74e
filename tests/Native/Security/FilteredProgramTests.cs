using System.Runtime.InteropServices;
using Container.Native.Oci;
using Container.Native.Security;
using Xunit;

namespace Container.Native.Tests.Security;

/// <summary>The default profile in the kernel: what must run does, what must not is refused.</summary>
public sealed class FilteredProgramTests
{
    private static readonly byte[] Default = Compile(CapabilitySet.Default);

    public static TheoryData<string, string[]> Programs => new()
    {
        { "bash", ["-c", "set -e; (echo a) & wait; cat <(true); trap : USR1; kill -USR1 $$; ulimit -n >/dev/null"] },
        {
            "bash",
            [
                "-c", "set -e; d=$(mktemp -d); cd $d; seq 1000 | sort -R --parallel=2 | sort -n >n; cp -a n x; ln x y; "
                + "ln -s x z; mkfifo f; chmod 600 x; chown 1:1 x; truncate -s 1M s; df .; stat x; nice true; "
                + "timeout 9 true; stdbuf -o0 true; dd if=n of=o; sync o; mv x q; install n r; split -n 2 s; rm -r $d",
            ]
        },
        { "apt-get", ["--simulate", "install", "bash"] },
        { "dpkg", ["--audit"] },
        {
            "bash",
            [
                "-c", "set -e; d=$(mktemp -d); export HOME=$d; cd $d; git init -q a; cd a; echo 1 >f; git add f; "
                + "git -c user.email=a -c user.name=a commit -qm 1; git gc -q; git clone -q . ../b; git fsck; rm -r $d",
            ]
        },
        {
            "python3",
            [
                "-c", "import asyncio,multiprocessing,os,socket,subprocess,threading\n"
                + "with multiprocessing.Pool(2) as pool: assert pool.map(abs, [-1, 2]) == [1, 2]\n"
                + "for t in [threading.Thread(target=int) for _ in range(20)]: t.start()\n"
                + "assert subprocess.run(['echo', 'x'], capture_output=True).stdout == b'x\\n'\n"
                + "async def main():\n"
                + " server = await asyncio.start_server(lambda r, w: w.close(), '127.0.0.1', 0)\n"
                + " r, w = await asyncio.open_connection('127.0.0.1', server.sockets[0].getsockname()[1])\n"
                + " assert await r.read() == b''\n"
                + "asyncio.run(main())\n"
                + "os.close(os.memfd_create('x')); socket.socketpair()",
            ]
        },
        {
            "node",
            [
                "-e", "const {Worker}=require('worker_threads'),http=require('http');"
                + "new Worker('1',{eval:true});require('child_process').execSync('echo x');"
                + "require('fs').watch('/tmp').close();"
                + "const s=http.createServer((q,r)=>r.end('ok')).listen(0,'127.0.0.1',"
                + "()=>http.get({port:s.address().port},r=>{r.resume();s.close()}))",
            ]
        },
        { "pwsh", ["-NoProfile", "-c", "1..3 | ForEach-Object -Parallel { $_ }; bash -c true; exit $LASTEXITCODE"] },
        { "dotnet", ["--list-runtimes"] },
        { "java", ["-version"] },
        { "busybox", ["sh", "-c", "busybox ps && busybox ls / | busybox wc -l"] },
        { "perl", ["-e", "use POSIX; fork; wait; opendir(D, '/') or die; system('true') == 0 or die"] },
        { "strace", ["-f", "-o", "/dev/null", "true"] },
        { "script", ["-qec", "stty -a && tty", "/dev/null"] },
        { "ip", ["address"] },
        { "su", ["nobody", "-s", "/bin/sh", "-c", "id"] },
        { "gcc", ["-x", "c", "-fsyntax-only", "/dev/null"] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_ordinary_program_runs(string command, string[] arguments)
    {
        bool needsRoot = command == "su" || arguments.Any(word => word.Contains("chown", StringComparison.Ordinal));
        Assert.SkipWhen(needsRoot && !Environment.IsPrivilegedProcess, "needs root: other users' ids");
        (int code, string output) = Bubblewrap.Run(Default, command, arguments);
        Assert.True(code == 0, output);
    }

    // Number, arguments, the errno that must come back; 0: no failure. perl's syscall() takes them as they are.
    public static TheoryData<string, string, int> Calls => new()
    {
        { "unshare(CLONE_NEWUSER)", "272, 0x10000000", 1 },
        { "unshare(CLONE_NEWNS)", "272, 0x20000", 1 },
        { "unshare(CLONE_FS)", "272, 0x200", 0 },
        { "clone(CLONE_NEWUSER | SIGCHLD)", "56, 0x10000011, 0, 0, 0, 0", 1 },
        { "clone3", "435, 0, 0", 38 },
        { "setns", "308, 0, 0", 1 },
        { "mount", "165, 0, 0, 0, 0, 0", 1 },
        { "umount2", "166, 0, 0", 1 },
        { "pivot_root", "155, 0, 0", 1 },
        { "fsopen", "430, 0, 0", 38 },
        { "open_tree", "428, -1, 0, 0", 38 },
        { "mount_setattr", "442, -1, 0, 0, 0, 0", 38 },
        { "socket(AF_PACKET)", "41, 17, 3, 0", 1 },
        { "socket(AF_PACKET) with a dirty register", "41, 0x100000011, 3, 0", 1 },
        { "socket(AF_VSOCK)", "41, 40, 1, 0", 1 },
        { "socket(AF_ALG)", "41, 38, 5, 0", 1 },
        { "socket(AF_TIPC)", "41, 30, 1, 0", 97 },
        { "socket(AF_INET)", "41, 2, 1, 0", 0 },
        { "socket(AF_UNIX)", "41, 1, 1, 0", 0 },
        { "socket(AF_NETLINK, NETLINK_ROUTE)", "41, 16, 3, 0", 0 },
        { "socket(AF_NETLINK, NETLINK_AUDIT)", "41, 16, 3, 9", 93 },
        { "ioctl(TIOCSTI)", "16, 0, 0x5412, 0", 1 },
        { "ioctl(TIOCSTI) with a dirty register", "16, 0, 0x100005412, 0", 1 },
        { "ioctl(TIOCLINUX)", "16, 0, 0x541C, 0", 1 },
        { "ioctl(TIOCGWINSZ) of what is no terminal", "16, 0, 0x5413, 0", 25 },
        { "keyctl", "250, 0, 0, 0, 0, 0", 38 },
        { "add_key", "248, 0, 0, 0, 0, 0", 38 },
        { "request_key", "249, 0, 0, 0, 0", 38 },
        { "bpf", "321, 0, 0, 0", 1 },
        { "perf_event_open", "298, 0, 0, 0, 0, 0", 1 },
        { "userfaultfd", "323, 0", 1 },
        { "io_uring_setup", "425, 1, 0", 38 },
        { "kexec_load", "246, 0, 0, 0, 0", 1 },
        { "open_by_handle_at", "304, -1, 0, 0", 1 },
        { "init_module", "175, 0, 0, 0", 1 },
        { "personality(READ_IMPLIES_EXEC)", "135, 0x400000", 38 },
        { "personality(0xffffffff)", "135, 0xffffffff", 0 },
        { "syslog", "103, 10, 0, 0", 1 },
        { "settimeofday", "164, 0, 0", 1 },
        { "a call of the future", "1000, 0, 0", 38 },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_is_answered(string what, string call, int errno)
    {
        Assert.SkipUnless(IsX64, "the numbers are those of x86-64");
        string script = $"my $r = syscall({call}); print $r == -1 ? $!+0 : 0";
        (int code, string output) = Bubblewrap.Run(Default, "perl", "-e", script);
        Assert.True(code == 0, $"{what}: {output}");
        Assert.Equal($"{what}: {errno}", $"{what}: {output}");
    }

    [Fact]
    public void The_x32_form_of_a_call_ends_the_process()
    {
        Assert.SkipUnless(IsX64, "x32 is a form of x86-64");
        (int code, string output) = Bubblewrap.Run(Default, "perl", "-e", "syscall(0x40000027); print 'alive'");
        Assert.Equal((128 + 31, ""), (code, output)); // SIGSYS
    }

    [Fact]
    public void A_32_bit_program_runs_only_where_it_is_asked_for()
    {
        Assert.SkipUnless(IsX64, "the program is i386 code");
        string file = Path.Combine(Path.GetTempPath(), $"i386-{Guid.NewGuid():n}");
        File.WriteAllBytes(file, ExitWith42);
        File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
        try
        {
            byte[] none = SeccompCompiler.Compile(SeccompCompilerTests.Profile("SCMP_ACT_ALLOW") with
            {
                Architectures = ["SCMP_ARCH_X86"],
            }).Instructions;
            Assert.SkipUnless(Bubblewrap.Run(none, file).ExitCode == 42, "this kernel runs no 32-bit programs");
            OciSeccomp with = DefaultSeccompProfile.Create(CapabilitySet.Default, include32Bit: true);
            Assert.Equal(42, Bubblewrap.Run(SeccompCompiler.Compile(with).Instructions, file).ExitCode);
            Assert.Equal(128 + 31, Bubblewrap.Run(Default, file).ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // CVE-2022-0492: a new user, mount and cgroup namespace, then a version 1 hierarchy with its release_agent.
    [Fact]
    public void The_way_to_release_agent_is_closed()
    {
        (int code, string output) = Bubblewrap.Run(
            Default, "unshare", "-UrmC", "mount", "-t", "cgroup", "-o", "rdma", "x", "/mnt");
        Assert.NotEqual(0, code);
        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_proc_cannot_be_mounted()
    {
        (int code, string output) = Bubblewrap.Run(
            Default, "unshare", "-mrpf", "mount", "-t", "proc", "proc", "/mnt");
        Assert.NotEqual(0, code);
        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
    }

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    // An ELF file for i386 with one segment: mov eax, 1; mov ebx, 42; int 0x80.
    private static byte[] ExitWith42 { get; } = Convert.FromHexString(
        "7f454c46010101000000000000000000" + "02000300010000005480040834000000"
        + "00000000000000003400200001000000" + "00000000"
        + "0100000000000000008004080080040860000000600000000500000000100000"
        + "b801000000bb2a000000cd80");

    private static byte[] Compile(CapabilitySet held) =>
        SeccompCompiler.Compile(DefaultSeccompProfile.Create(held)).Instructions;
}
