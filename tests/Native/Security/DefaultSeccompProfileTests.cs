using System.Globalization;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Security;
using Container.Native.Syscalls;
using Xunit;
using static Container.Native.Tests.Security.BpfInterpreter;

namespace Container.Native.Tests.Security;

/// <summary>The default profile, call by call, through the interpreter.</summary>
public sealed class DefaultSeccompProfileTests
{
    private const uint Eperm = Error | 1;
    private const uint Enosys = Error | 38;
    private const uint Eprotonosupport = Error | 93;
    private const uint Eafnosupport = Error | 97;

    private const int SocketCall = 41;
    private const int Ioctl = 16;
    private const int Clone = 56;
    private const int Unshare = 272;
    private const int Personality = 135;

    private static readonly string[] Reviewed =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Security", "default-profile.txt"));

    private static readonly byte[] Default = Compile(CapabilitySet.Default);

    // What is in the tables is one thing, what the compiled filter answers another: this is the latter, for every
    // number, so that a change to a table shows in a review as the calls it opens or closes.
    [Fact]
    public void Every_call_of_the_machine_answers_as_the_reviewed_list_says()
    {
        string[] actual = [.. SystemCalls().Select(call => $"{call.Name} {Describe(call.Number)}")];
        string? update = Environment.GetEnvironmentVariable("UPDATE_DEFAULT_PROFILE");
        if (update is not null) File.WriteAllLines(update, actual);
        string[] known = [.. SystemCalls().Select(call => call.Name)];
        Assert.Equal(Reviewed.Where(line => known.Contains(line.Split(' ')[0])), actual);
    }

    [Fact]
    public void Nesting_opens_namespaces_and_mounts_and_nothing_else()
    {
        byte[] nesting = Compile(CapabilitySet.Default, nesting: true);
        string[] opened =
        [
            "clone3", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree",
            "open_tree_attr", "pivot_root", "setdomainname", "sethostname", "setns", "umount2",
        ];
        foreach ((string name, int number) in SystemCalls())
        {
            uint before = Run(Default, X64, number);
            Assert.Equal((name, opened.Contains(name) ? Allow : before), (name, Run(nesting, X64, number)));
        }

        foreach (int call in new[] { Clone, Unshare })
            Assert.Equal(Allow, Run(nesting, X64, call, 0x10000000 | 0x20000000));
    }

    [Fact]
    public void Numbers_no_kernel_has_yet_are_not_implemented()
    {
        for (int number = 470; number < 1024; number++) Assert.Equal(Enosys, Run(Default, X64, number));
        Assert.Equal(Enosys, Run(Default, X64, 0x3FFFFFFF));
        Assert.Equal(Enosys, Run(Default, X64, 335));
    }

    [Fact]
    public void Other_ways_into_the_kernel_end_the_process()
    {
        foreach ((_, int number) in SystemCalls())
        {
            Assert.Equal(KillProcess, Run(Default, X64, X32Bit | number));
            Assert.Equal(KillProcess, Run(Default, X86, number));
            Assert.Equal(KillProcess, Run(Default, 0xC00000B7, number));
        }
    }

    [Theory]
    [InlineData(1, Allow)] // AF_UNIX
    [InlineData(2, Allow)] // AF_INET
    [InlineData(10, Allow)] // AF_INET6
    [InlineData(16, Allow)] // AF_NETLINK
    [InlineData(17, Eperm)] // AF_PACKET: CVE-2020-14386
    [InlineData(40, Eperm)] // AF_VSOCK
    [InlineData(38, Eperm)] // AF_ALG
    [InlineData(0, Eafnosupport)]
    [InlineData(3, Eafnosupport)] // AF_AX25
    [InlineData(15, Eafnosupport)] // AF_KEY
    [InlineData(29, Eafnosupport)] // AF_CAN
    [InlineData(30, Eafnosupport)] // AF_TIPC
    [InlineData(31, Eafnosupport)] // AF_BLUETOOTH
    [InlineData(44, Eafnosupport)] // AF_XDP
    [InlineData(63, Eafnosupport)]
    [InlineData(64, Enosys)]
    public void A_socket_family_is_judged_by_the_low_32_bits(ulong family, uint expected)
    {
        Assert.Equal(expected, Run(Default, X64, SocketCall, family, 1, 0));
        Assert.Equal(expected, Run(Default, X64, SocketCall, family | 0xABCD_0000_0000, 1, 0));
    }

    [Fact]
    public void Audit_looks_like_a_kernel_without_it() =>
        Assert.Equal(Eprotonosupport, Run(Default, X64, SocketCall, 16, 3, 9));

    [Fact]
    public void Raw_packets_need_the_capability() =>
        Assert.Equal(Allow, Run(Compile("NET_RAW"), X64, SocketCall, 17, 3, 0));

    // CVE-2017-5226, and CVE-2019-10063, which was its fix compared with 64 bits.
    [Theory]
    [InlineData(0x5412, Eperm)] // TIOCSTI
    [InlineData(0x541C, Eperm)] // TIOCLINUX
    [InlineData(0x5423, Eperm)] // TIOCSETD
    [InlineData(0x5413, Allow)] // TIOCGWINSZ
    [InlineData(0x5401, Allow)] // TCGETS
    [InlineData(0x541B, Allow)] // FIONREAD
    [InlineData(0x80045430, Allow)] // TIOCGPTN
    [InlineData(0, Allow)]
    [InlineData(0xFFFFFFFF, Allow)]
    public void A_terminal_request_is_judged_by_the_low_32_bits(ulong request, uint expected)
    {
        Assert.Equal(expected, Run(Default, X64, Ioctl, 0, request));
        Assert.Equal(expected, Run(Default, X64, Ioctl, 0, request | 0x1_0000_0000));
        Assert.Equal(expected, Run(Default, X64, Ioctl, 0, request | 0xFFFF_FFFF_0000_0000));
    }

    [Fact]
    public void No_other_request_is_touched()
    {
        var random = new Random(1);
        for (int turn = 0; turn < 20_000; turn++)
        {
            uint request = turn < 10_000 ? (uint)(0x5000 + turn) : (uint)random.NextInt64(1L << 32);
            uint expected = request is 0x5412 or 0x541C or 0x5423 ? Eperm : Allow;
            Assert.Equal(expected, Run(Default, X64, Ioctl, 0, request));
        }
    }

    [Fact]
    public void Every_namespace_flag_alone_and_with_others_is_refused()
    {
        const ulong Thread = 0x3D0F00; // pthread_create(3)
        const ulong Fork = 0x1200011;
        ulong[] flags = [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000];
        Assert.Equal(Allow, Run(Default, X64, Clone, Thread));
        Assert.Equal(Allow, Run(Default, X64, Clone, Fork));
        Assert.Equal(Allow, Run(Default, X64, Unshare, 0x600)); // CLONE_FS | CLONE_FILES
        Assert.Equal(Eperm, Run(Default, X64, Unshare, 0x80)); // CLONE_NEWTIME
        for (int set = 1; set < 1 << flags.Length; set++)
        {
            ulong value = 0;
            for (int bit = 0; bit < flags.Length; bit++) value |= (set & (1 << bit)) != 0 ? flags[bit] : 0;
            Assert.Equal(Eperm, Run(Default, X64, Clone, value | 17));
            Assert.Equal(Eperm, Run(Default, X64, Clone, value | 0x1_0000_0000));
            Assert.Equal(Eperm, Run(Default, X64, Unshare, value));
        }
    }

    [Theory]
    [InlineData(0, Allow)]
    [InlineData(8, Allow)]
    [InlineData(0x20000, Allow)]
    [InlineData(0x20008, Allow)]
    [InlineData(0xFFFFFFFF, Allow)]
    [InlineData(0x400000, Enosys)] // READ_IMPLIES_EXEC
    [InlineData(0x40000, Enosys)] // ADDR_NO_RANDOMIZE
    [InlineData(0x1_0000_0000, Enosys)]
    public void Only_harmless_personalities_pass(ulong value, uint expected) =>
        Assert.Equal(expected, Run(Default, X64, Personality, value));

    public static TheoryData<string, string> Conditional => new()
    {
        { "SYS_ADMIN", "mount umount2 pivot_root fsopen fsmount open_tree move_mount mount_setattr clone3 setns bpf" },
        { "SYS_CHROOT", "chroot" },
        { "SYS_PTRACE", "kcmp pidfd_getfd process_madvise userfaultfd" },
        { "DAC_READ_SEARCH", "open_by_handle_at" },
        { "BPF", "bpf" },
        { "PERFMON", "perf_event_open" },
        { "SYSLOG", "syslog" },
        { "SYS_MODULE", "init_module finit_module delete_module" },
        { "SYS_BOOT", "reboot" },
        { "SYS_PACCT", "acct" },
        { "SYS_RAWIO", "iopl ioperm" },
        { "SYS_TIME", "settimeofday clock_settime" },
        { "SYS_TTY_CONFIG", "vhangup" },
        { "SYS_NICE", "migrate_pages move_pages" },
    };

    [Theory]
    [MemberData(nameof(Conditional))]
    public void A_capability_opens_its_calls_and_they_are_closed_without_it(string capability, string names)
    {
        byte[] with = Compile(capability);
        byte[] without = Compile(CapabilitySet.Empty);
        foreach (string name in names.Split(' '))
        {
            int number = Libseccomp.seccomp_syscall_resolve_name(name);
            Assert.True(Run(with, X64, number) == Allow, $"{name} with {capability}");
            Assert.True(Run(without, X64, number) is Eperm or Enosys, $"{name} without");
        }
    }

    [Fact]
    public void With_SYS_ADMIN_namespaces_can_be_made()
    {
        byte[] program = Compile("SYS_ADMIN");
        Assert.Equal(Allow, Run(program, X64, Clone, 0x7E020011));
        Assert.Equal(Allow, Run(program, X64, Unshare, 0x10000000));
    }

    [Theory]
    [InlineData("io_uring_setup", Enosys)]
    [InlineData("io_uring_enter", Enosys)]
    [InlineData("io_uring_register", Enosys)]
    [InlineData("kexec_load", Eperm)]
    [InlineData("kexec_file_load", Eperm)]
    [InlineData("keyctl", Enosys)]
    [InlineData("add_key", Enosys)]
    [InlineData("request_key", Enosys)]
    [InlineData("modify_ldt", Enosys)]
    [InlineData("uselib", Enosys)]
    public void No_capability_opens(string name, uint expected) =>
        Assert.Equal(
            expected, Run(Compile(CapabilitySet.Supported), X64, Libseccomp.seccomp_syscall_resolve_name(name)));

    [Fact]
    public void With_32_bit_programs_the_64_bit_answers_stay_and_the_dangerous_calls_stay_closed()
    {
        OciSeccomp profile = DefaultSeccompProfile.Create(CapabilitySet.Default, include32Bit: true);
        byte[] program = SeccompCompiler.Compile(profile).Instructions;
        uint x86 = Libseccomp.seccomp_arch_resolve_name("x86");
        foreach ((string name, int number) in SystemCalls())
        {
            // Socket refusals fall to the default; modify_ldt is for 16- and 32-bit programs.
            if (name is "modify_ldt" or "set_thread_area" or "get_thread_area" or "socket") continue;
            Assert.True(Run(Default, X64, number) == Run(program, X64, number), name);
            int compat = Libseccomp.seccomp_syscall_resolve_name_arch(x86, name);
            if (compat < 0 || Run(Default, X64, number) == Allow || name is "ioctl" or "clone") continue;
            Assert.True(Run(program, X86, compat) != Allow, name);
        }

        Assert.Equal(Allow, Run(program, X86, 192)); // mmap2
        Assert.Equal(Eperm, Run(program, X86, 54, 0, 0x5412)); // ioctl
        Assert.Equal(Eperm, Run(program, X86, 120, 0x10000000)); // clone
        Assert.Equal(Enosys, Run(program, X86, 359, 17)); // socket
        Assert.Equal(Enosys, Run(program, X64, SocketCall, 17));
        Assert.Equal(KillProcess, Run(program, X64, X32Bit | 1));
    }

    [Fact]
    public void The_profile_survives_a_config_json()
    {
        OciSeccomp profile = DefaultSeccompProfile.Create(CapabilitySet.Default);
        OciSeccomp read = OciDocument.ReadSeccomp(OciDocument.Write(profile));
        Assert.Equal(Default, SeccompCompiler.Compile(read).Instructions);
    }

    [Fact]
    public void No_table_names_a_call_twice()
    {
        string[] names = [.. SystemCallGroups.All.SelectMany(group => group), .. SystemCallGroups.Compatibility32,
            .. PrivilegedSystemCalls.All.SelectMany(group => group.Names)];
        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static IEnumerable<(string Name, int Number)> SystemCalls() =>
        Reviewed
            .Select(line => line.Split(' ')[0])
            .Select(name => (name, Number: Libseccomp.seccomp_syscall_resolve_name(name)))
            .Where(call => call.Number >= 0);

    private static string Describe(int number)
    {
        string[] answers = [.. Samples(number).Select(value => Run(Default, X64, number, value) switch
        {
            Allow => "allowed",
            var action when (action & 0xFFFF0000) == Error => ((Errno)(action & 0xFFFF)).ToString(),
            var action => action.ToString("x8", CultureInfo.InvariantCulture),
        }).Distinct()];
        return string.Join(", ", answers);
    }

    // First arguments that tell the conditional rules apart.
    private static ulong[] Samples(int number) => number switch
    {
        SocketCall or 53 => [2, 1, 17, 30],
        Ioctl => [0],
        _ => [0, 0x10000000],
    };

    private static byte[] Compile(string capability) => Compile(CapabilitySet.Parse([capability]));

    private static byte[] Compile(CapabilitySet held, bool nesting = false) =>
        SeccompCompiler.Compile(DefaultSeccompProfile.Create(held, nesting: nesting)).Instructions;
}
