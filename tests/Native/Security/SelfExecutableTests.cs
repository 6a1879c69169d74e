using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Container.Native.Oci;
using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Security;

public sealed class SelfExecutableTests
{
    private const int Channel = 3;

    [Fact]
    public void The_read_only_form_cannot_be_opened_for_writing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs CAP_SYS_ADMIN");
        using FileDescriptor program = SelfExecutable.OpenReadOnly();
        Assert.True(SelfExecutable.IsWriteProtected(program));
        string path = $"/proc/self/fd/{program.Number}";
        Assert.Equal(-1, FileCalls.fchownat(FileCalls.AT_FDCWD, path, uint.MaxValue, uint.MaxValue, 0));
        Assert.Equal((int)Errno.EROFS, Marshal.GetLastPInvokeError());
    }

    [Fact]
    public void The_copy_in_memory_cannot_be_changed()
    {
        using FileDescriptor program = SelfExecutable.OpenSealedCopy();
        Assert.True(SelfExecutable.IsWriteProtected(program));
        Assert.Equal(
            Errno.EPERM, Assert.Throws<SystemCallException>(() => FileCalls.WriteAll(program.Number, [1], "copy")).Errno);
        Assert.Equal(File.ReadAllBytes("/proc/self/exe"), File.ReadAllBytes($"/proc/self/fd/{program.Number}"));
    }

    [Fact]
    public void Our_own_file_is_not_protected()
    {
        using FileDescriptor self = FileCalls.Open("/proc/self/exe", FileCalls.O_RDONLY);
        Assert.Equal(FileSystems.IsReadOnly(self, "self"), SelfExecutable.IsWriteProtected(self));
    }

    [Fact]
    public void The_trampoline_executes_with_arguments_and_environment()
    {
        (int code, string output, byte[] report) = Run("/usr/bin/printenv", "printenv", "MARK");
        Assert.Equal((0, "here\n", ""), (code, output, Convert.ToHexString(report)));
    }

    [Theory]
    [InlineData("/no/such/file", Errno.ENOENT)]
    [InlineData("/etc/passwd", Errno.EACCES)]
    [InlineData("/", Errno.EACCES)]
    public void The_trampoline_reports_why_it_could_not(string path, Errno errno)
    {
        (int code, _, byte[] report) = Run(path, "x");
        Assert.Equal(1, code);
        Assert.Equal(16, report.Length);
        Assert.Equal(7, BinaryPrimitives.ReadInt32LittleEndian(report));
        Assert.Equal(42, BinaryPrimitives.ReadInt32LittleEndian(report.AsSpan(4)));
        Assert.Equal((int)errno, BinaryPrimitives.ReadInt32LittleEndian(report.AsSpan(8)));
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(report.AsSpan(12)));
    }

    // CVE-2019-5736: what an image gets that has /bin/sh -> /proc/self/exe, and what one gets with #!/proc/self/exe.
    [Fact]
    public void Its_own_link_leads_to_the_trampoline_and_nowhere_else()
    {
        string script = Path.Combine(Path.GetTempPath(), $"script-{Guid.NewGuid():n}");
        string link = script + ".link";
        File.WriteAllText(script, "#!/proc/self/exe\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(link, "/proc/self/exe");
        try
        {
            // It executes itself and notices, as its channel is closed by then.
            (int code, _, byte[] report) = Run(link, "/bin/true");
            Assert.Equal((1, ""), (code, Convert.ToHexString(report)));

            // As the interpreter it is told to run the script, whose interpreter it is; it notices.
            (code, _, report) = Run(script, "x");
            Assert.Equal((1, ""), (code, Convert.ToHexString(report)));
        }
        finally
        {
            File.Delete(script);
            File.Delete(link);
        }
    }

    public static TheoryData<string, OciSpec, bool, string> Launches => new()
    {
        { "a user namespace without our owner", Spec(User(100_000)), false, "None" },
        { "the same, entered", Spec(User(100_000)), true, "None" },
        { "a user namespace with our owner", Spec(User(0)), false, "OnExecute" },
        { "the same, entered", Spec(User(0), "CAP_SYS_PTRACE"), true, "OnExecute" },
        { "a joined user namespace", Spec(Namespaces("pid", "user")), false, "OnExecute" },
        { "no user namespace", Spec(Namespaces("pid")), false, "OnExecute" },
        { "no user namespace, tracing", Spec(Namespaces("pid"), "CAP_SYS_PTRACE"), false, "OnExecute" },
        { "entered without tracing", Spec(Namespaces("pid"), "CAP_KILL"), true, "OnExecute" },
        { "entered with tracing", Spec(Namespaces("pid"), "CAP_SYS_PTRACE"), true, "Full" },
        { "the host's processes and tracing", Spec(Namespaces(), "CAP_SYS_PTRACE"), false, "Full" },
        {
            "somebody's pid namespace",
            Spec(new OciLinux { Namespaces = [new OciNamespace { Type = "pid", Path = "/proc/1/ns/pid" }] }),
            false,
            "Full"
        },
        {
            "a filter that allows what is needed",
            Spec(Namespaces("pid") with { Seccomp = DefaultSeccompProfile.Create(CapabilitySet.Default) }),
            false,
            "OnExecute"
        },
        {
            "a filter that allows too little",
            Spec(Namespaces("pid") with { Seccomp = SeccompCompilerTests.Profile("SCMP_ACT_KILL") }),
            false,
            "Full"
        },
    };

    [Theory]
    [MemberData(nameof(Launches))]
    public void A_launch_is_judged_by_who_could_reach_our_file(
        string what, OciSpec spec, bool entersRunning, string expected)
    {
        Assert.SkipUnless(ExecTrampoline.IsSupported, "no trampoline for this machine");
        SelfExposure actual = SelfExposureRules.Judge(spec, spec.Process!, entersRunning, 0, 0, 0x1ED);
        Assert.Equal($"{what}: {expected}", $"{what}: {actual}");
    }

    [Fact]
    public void A_label_cannot_go_through_the_trampoline()
    {
        OciSpec spec = Spec(Namespaces("pid"));
        OciProcess process = spec.Process! with { ApparmorProfile = "x" };
        Assert.Equal(SelfExposure.Full, SelfExposureRules.Judge(spec, process, false, 0, 0, 0x1ED));
    }

    [Fact]
    public void A_file_that_anybody_may_write_is_within_reach_of_every_user_namespace() =>
        Assert.Equal(
            SelfExposure.OnExecute,
            SelfExposureRules.Judge(Spec(User(100_000)), Spec(User(0)).Process!, false, 0, 0, 0x1FF));

    private static OciLinux Namespaces(params string[] types) =>
        new() { Namespaces = [.. types.Select(type => new OciNamespace { Type = type })] };

    private static OciLinux User(uint hostId) => Namespaces("pid", "user") with
    {
        UidMappings = [new OciIdMapping { HostId = hostId, Size = 65536 }],
        GidMappings = [new OciIdMapping { HostId = hostId, Size = 65536 }],
    };

    private static OciSpec Spec(OciLinux linux, params string[] bounding) => new()
    {
        Linux = linux,
        Process = new OciProcess { Capabilities = new OciCapabilities { Bounding = bounding } },
    };

    // bash puts the report's file at the channel's number and gives the trampoline its argv[0].
    private static (int Code, string Output, byte[] Report) Run(string path, params string[] arguments)
    {
        Assert.SkipUnless(ExecTrampoline.IsSupported, "no trampoline for this machine");
        using FileDescriptor program = ExecTrampoline.Create(Channel, code: 7, index: 42);
        string report = Path.Combine(Path.GetTempPath(), $"report-{Guid.NewGuid():n}");
        string file = $"/proc/{Environment.ProcessId}/fd/{program.Number}";
        string script = $"exec {Channel}>'{report}'; exec -a \"$0\" {file} \"$@\"";
        var start = new ProcessStartInfo("timeout", ["60", "/bin/bash", "-c", script, path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MARK"] = "here";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        byte[] content = File.ReadAllBytes(report);
        File.Delete(report);
        return (process.ExitCode, output, content);
    }
}
