using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Security;
using Xunit;
using static Container.Native.Tests.Security.BpfInterpreter;

namespace Container.Native.Tests.Security;

public sealed class SeccompCompilerTests
{
    private const int Read = 0;
    private const int Ioctl = 16;
    private const int Getpid = 39;
    private const int Mkdir = 83;
    private const int Clone3 = 435;

    [Theory]
    [InlineData("SCMP_ACT_KILL", null, 0u)]
    [InlineData("SCMP_ACT_KILL_THREAD", null, 0u)]
    [InlineData("SCMP_ACT_KILL_PROCESS", null, 0x80000000u)]
    [InlineData("SCMP_ACT_TRAP", null, 0x00030000u)]
    [InlineData("SCMP_ACT_ERRNO", null, 0x00050001u)]
    [InlineData("SCMP_ACT_ERRNO", 38u, 0x00050026u)]
    [InlineData("SCMP_ACT_ERRNO", 0u, 0x00050000u)]
    [InlineData("SCMP_ACT_TRACE", 7u, 0x7FF00007u)]
    [InlineData("SCMP_ACT_LOG", null, 0x7FFC0000u)]
    [InlineData("SCMP_ACT_NOTIFY", null, 0x7FC00000u)]
    public void A_rule_returns_its_action(string action, uint? errno, uint expected)
    {
        byte[] program = Compile("SCMP_ACT_ALLOW", Rule(action, errno, "mkdir"));
        Assert.Equal(expected, Run(program, X64, Mkdir));
        Assert.Equal(Allow, Run(program, X64, Getpid));
    }

    [Theory]
    [InlineData("SCMP_CMP_NE", 5ul, 0ul, 6ul, 5ul)]
    [InlineData("SCMP_CMP_LT", 5ul, 0ul, 4ul, 5ul)]
    [InlineData("SCMP_CMP_LE", 5ul, 0ul, 5ul, 6ul)]
    [InlineData("SCMP_CMP_EQ", 5ul, 0ul, 5ul, 0x1_0000_0005ul)]
    [InlineData("SCMP_CMP_GE", 5ul, 0ul, 0x1_0000_0000ul, 4ul)]
    [InlineData("SCMP_CMP_GT", 5ul, 0ul, 6ul, 5ul)]
    [InlineData("SCMP_CMP_MASKED_EQ", 0xFFFFFFFFul, 5ul, 0x7_0000_0005ul, 6ul)]
    public void A_condition_compares_64_bits(string op, ulong value, ulong second, ulong holds, ulong fails)
    {
        byte[] program = Compile(
            "SCMP_ACT_ALLOW",
            Rule("SCMP_ACT_ERRNO", null, "ioctl", Equal(1, value) with { ValueTwo = second, Op = op }));
        Assert.Equal(Error | 1, Run(program, X64, Ioctl, 0, holds));
        Assert.Equal(Allow, Run(program, X64, Ioctl, 0, fails));
    }

    [Fact]
    public void Conditions_on_different_arguments_must_all_hold()
    {
        byte[] program = Compile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_ERRNO", null, "ioctl", Equal(0, 1), Equal(1, 2)));
        Assert.Equal(Error | 1, Run(program, X64, Ioctl, 1, 2));
        Assert.Equal(Allow, Run(program, X64, Ioctl, 1, 3));
        Assert.Equal(Allow, Run(program, X64, Ioctl, 2, 2));
    }

    [Fact]
    public void Conditions_on_the_same_argument_are_alternatives()
    {
        byte[] program = Compile(
            "SCMP_ACT_ALLOW", Rule("SCMP_ACT_ERRNO", null, "ioctl", Equal(1, 2), Equal(1, 3), Equal(0, 9)));
        Assert.Equal(Error | 1, Run(program, X64, Ioctl, 0, 2));
        Assert.Equal(Error | 1, Run(program, X64, Ioctl, 0, 3));
        Assert.Equal(Error | 1, Run(program, X64, Ioctl, 9, 4));
        Assert.Equal(Allow, Run(program, X64, Ioctl, 0, 4));
    }

    [Fact]
    public void A_rule_that_says_what_the_default_says_is_redundant()
    {
        byte[] program = Compile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ERRNO", 1, "mkdir"), Allowed("read"));
        Assert.Equal(Error | 1, Run(program, X64, Mkdir));
        Assert.Equal(Allow, Run(program, X64, Read));
    }

    [Fact]
    public void An_unknown_system_call_is_passed_over_with_a_note()
    {
        SeccompProgram program = SeccompCompiler.Compile(Allowing(Rule("SCMP_ACT_ERRNO", null, "no_such_call")));
        Assert.Contains("no_such_call", Assert.Single(program.Notes), StringComparison.Ordinal);
    }

    /// <summary>mseal(2) is known to libseccomp since 2.6.</summary>
    [Fact]
    public void A_call_that_libseccomp_does_not_know_is_answered_by_its_number()
    {
        const int Mseal = 462;
        byte[] program = Compile("SCMP_ACT_ERRNO", Rule("SCMP_ACT_ALLOW", null, "read"), Rule("SCMP_ACT_ALLOW", null, "mseal"));
        Assert.Equal(Allow, Run(program, X64, Read));
        Assert.Equal(Allow, Run(program, X64, Mseal));
        Assert.Equal(Error | 38, Run(program, X64, Mseal + 1));
        Assert.Equal(Error | 38, Run(program, X64, Mseal - 1));

        program = Compile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_ERRNO", null, "mseal"));
        Assert.Equal(Error | 1, Run(program, X64, Mseal));
        Assert.Equal(Allow, Run(program, X64, Mseal + 1));
        Assert.Equal(Allow, Run(program, X64, Read));
    }

    // The C library falls back to clone(2) on ENOSYS only.
    [Theory]
    [InlineData("SCMP_ACT_ERRNO", null, Error | 38)]
    [InlineData("SCMP_ACT_KILL_PROCESS", null, Error | 38)]
    [InlineData("SCMP_ACT_ALLOW", null, Allow)]
    [InlineData("SCMP_ACT_LOG", null, 0x7FFC0000u)]
    [InlineData("SCMP_ACT_TRACE", 3u, 0x7FF00003u)]
    [InlineData("SCMP_ACT_ERRNO", 38u, Error | 38)]
    public void Numbers_above_those_of_the_profile_return_ENOSYS_unless_the_default_lets_pass(
        string action, uint? errno, uint expected)
    {
        OciSeccomp profile = Profile(action, Rule("SCMP_ACT_TRAP", null, "mkdir")) with
        {
            DefaultErrnoRet = errno,
            Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        };
        byte[] program = SeccompCompiler.Compile(profile).Instructions;
        Assert.Equal(expected, Run(program, X64, Clone3));
        Assert.Equal(expected, Run(program, X64, X32Bit | Clone3));
        Assert.Equal(expected, Run(program, X86, Clone3));
        Assert.Equal(0x00030000u, Run(program, X64, Mkdir));
        Assert.Equal(0x00030000u, Run(program, X64, X32Bit | Mkdir));
        Assert.Equal(0x00030000u, Run(program, X86, 39));
    }

    [Fact]
    public void A_number_below_the_last_of_the_profile_gets_the_default()
    {
        byte[] program = Compile("SCMP_ACT_ERRNO", Allowed("mkdir"));
        Assert.Equal(Error | 1, Run(program, X64, Getpid));
        Assert.Equal(Allow, Run(program, X64, Mkdir));
        Assert.Equal(Error | 38, Run(program, X64, Mkdir + 1));
    }

    [Fact]
    public void An_architecture_without_rules_ends_the_process()
    {
        byte[] program = Compile("SCMP_ACT_ERRNO", Allowed("read"));
        Assert.Equal(KillProcess, Run(program, X86, 3));
        Assert.Equal(KillProcess, Run(program, X64, X32Bit | Read));
    }

    [Fact]
    public void Long_profiles_compile_to_the_same_answers_as_short_ones()
    {
        OciSyscall[] rules = [Allowed("read", "mkdir", "mount"), Rule("SCMP_ACT_KILL", null, "ioctl", Equal(1, 5))];
        OciSyscall unknown = Allowed([.. Enumerable.Range(0, 40).Select(number => $"unknown{number}")]);
        byte[] list = Compile("SCMP_ACT_ERRNO", rules);
        byte[] tree = Compile("SCMP_ACT_ERRNO", [.. rules, unknown]);
        Assert.Equal(list, tree);
        for (int number = 0; number < 500; number++) Assert.Equal(Run(list, X64, number), Run(tree, X64, number));
    }

    [Theory]
    [InlineData("SECCOMP_FILTER_FLAG_LOG", 2u)]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4u)]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC", 0u)]
    [InlineData("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0u)]
    public void A_flag_becomes_its_bit(string flag, uint bits) =>
        Assert.Equal(bits, SeccompCompiler.Compile(Profile("SCMP_ACT_ALLOW") with { Flags = [flag] }).Flags);

    [Fact]
    public void A_supervisor_needs_the_listener_flag()
    {
        OciSeccomp profile = Profile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_NOTIFY", null, "mkdir")) with
        {
            Flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_TSYNC"],
        };
        SeccompProgram program = SeccompCompiler.Compile(profile);
        Assert.True(program.Notifies);
        Assert.Equal(8u | 32u, program.Flags);
    }

    public static TheoryData<string, OciSeccomp> Refused => new()
    {
        { "defaultAction: missing", new OciSeccomp() },
        { "defaultAction: 'SCMP_ACT_NOPE'", Profile("SCMP_ACT_NOPE") },
        { "defaultAction: SCMP_ACT_NOTIFY", Profile("SCMP_ACT_NOTIFY") },
        { "defaultErrnoRet: SCMP_ACT_KILL", Profile("SCMP_ACT_KILL") with { DefaultErrnoRet = 1 } },
        { "defaultErrnoRet: 4096", Profile("SCMP_ACT_ERRNO") with { DefaultErrnoRet = 4096 } },
        { "architectures[0]: 'X86'", Profile("SCMP_ACT_ALLOW") with { Architectures = ["X86"] } },
        {
            "architectures[1]: SCMP_ARCH_PPC ",
            Profile("SCMP_ACT_ALLOW") with { Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_PPC"] }
        },
        { "flags[0]: 'X'", Profile("SCMP_ACT_ALLOW") with { Flags = ["X"] } },
        { "syscalls[0]: null", Allowing((OciSyscall)null!) },
        { "syscalls[0].names: missing", Allowing(new OciSyscall { Action = "SCMP_ACT_KILL" }) },
        { "syscalls[0].names: a name", Allowing(Allowed("")) },
        { "syscalls[0].action: 'DENY'", Allowing(Rule("DENY", null, "read")) },
        { "syscalls[0].errnoRet: SCMP_ACT_KILL", Allowing(Rule("SCMP_ACT_KILL", 1, "read")) },
        { "syscalls[0].args[0].index", Allowing(Rule("SCMP_ACT_KILL", null, "read", Equal(6, 0))) },
        {
            "syscalls[0].args[0].op: 'EQ'",
            Allowing(Rule("SCMP_ACT_KILL", null, "read", Equal(0, 0) with { Op = "EQ" }))
        },
        { "syscalls[0]: SCMP_ACT_NOTIFY", Allowing(Rule("SCMP_ACT_NOTIFY", null, "write")) },
        {
            "syscalls[1]: the rule for ioctl contradicts",
            Allowing(
                Rule("SCMP_ACT_KILL", null, "ioctl", Equal(1, 1)), Rule("SCMP_ACT_TRAP", null, "ioctl", Equal(1, 1)))
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_we_do_not_know_is_refused_with_its_place(string start, OciSeccomp profile) =>
        Assert.StartsWith(
            "linux.seccomp." + start,
            Assert.Throws<DocumentException>(() => SeccompCompiler.Compile(profile)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Too_many_rules_for_the_kernel_are_refused()
    {
        IEnumerable<OciSyscall> rules =
            Enumerable.Range(0, 5000).Select(value => Rule("SCMP_ACT_KILL", null, "ioctl", Equal(1, (ulong)value)));
        Assert.EndsWith(
            "the kernel takes 4096",
            Assert.Throws<SeccompException>(() => SeccompCompiler.Compile(Allowing([.. rules]))).Message,
            StringComparison.Ordinal);
    }

    internal static OciSeccomp Profile(string action, params OciSyscall[] rules) =>
        new() { DefaultAction = action, Syscalls = rules };

    internal static OciSyscall Rule(string action, uint? errno, string name, params OciSeccompArg[] arguments) =>
        new() { Names = [name], Action = action, ErrnoRet = errno, Args = arguments };

    internal static OciSyscall Allowed(params string[] names) => new() { Names = names, Action = "SCMP_ACT_ALLOW" };

    internal static OciSeccompArg Equal(uint index, ulong value) =>
        new() { Index = index, Value = value, Op = "SCMP_CMP_EQ" };

    private static OciSeccomp Allowing(params OciSyscall[] rules) => Profile("SCMP_ACT_ALLOW", rules);

    private static byte[] Compile(string action, params OciSyscall[] rules) =>
        SeccompCompiler.Compile(Profile(action, rules)).Instructions;
}
