using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Security;
using Xunit;
using static Container.Native.Tests.Security.SeccompCompilerTests;

namespace Container.Native.Tests.Security;

/// <summary>The rewritten filter against the one libseccomp wrote: it must answer the same, whatever is asked.</summary>
public sealed class BpfOptimizerTests
{
    private static readonly string[] Actions =
        ["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_LOG", "SCMP_ACT_TRAP", "SCMP_ACT_KILL_PROCESS"];

    private static readonly string[] Operators =
    [
        "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
    ];

    private static readonly string[] Names =
    [
        "read", "write", "open", "ioctl", "clone", "socket", "personality", "mmap", "prctl", "openat", "kill", "bind",
        "semget", "shmat", "mount", "unshare", "clone3", "futex", "execve", "exit_group", "fcntl", "sendto", "statx",
    ];

    private static readonly ulong[] Values =
    [
        0, 1, 2, 5, 16, 40, 0x5412, 0x541C, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x1_0000_0000, 0x1_0000_0005,
        0x10000000, 0x7E020000, 0xFFFFFFFF_FFFFFFFF, 0x5_0000_5412,
    ];

    [Fact]
    public void The_default_profile_keeps_its_answers() =>
        AssertSame(Export(DefaultSeccompProfile.Create(CapabilitySet.Default)), new Random(2), 40);

    [Fact]
    public void The_profile_with_32_bit_programs_keeps_its_answers() =>
        AssertSame(Export(DefaultSeccompProfile.Create(CapabilitySet.Default, include32Bit: true)), new Random(3), 20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_profile_made_by_chance_keeps_its_answers(int seed)
    {
        var random = new Random(seed);
        int compiled = 0;
        for (int turn = 0; turn < 60; turn++)
        {
            byte[]? program = TryExport(MakeProfile(random));
            if (program is null) continue;
            AssertSame(program, random, 3);
            compiled++;
        }

        Assert.True(compiled > 20, $"only {compiled} of the profiles were free of contradictions");
    }

    [Fact]
    public void It_becomes_much_shorter()
    {
        byte[] before = Export(DefaultSeccompProfile.Create(CapabilitySet.Default));
        byte[] after = BpfOptimizer.Rewrite(before);
        Assert.InRange(after.Length, 1, before.Length * 7 / 10);
    }

    [Fact]
    public void An_instruction_that_is_not_understood_leaves_the_program_alone()
    {
        byte[] program = Export(Profile("SCMP_ACT_ALLOW", Rule("SCMP_ACT_KILL", null, "read", Equal(0, 3))));
        program[0] = 0x28; // a load of 16 bits
        Assert.Same(program, BpfOptimizer.Rewrite(program));
    }

    [Fact]
    public void The_kernel_takes_it()
    {
        byte[] program = BpfOptimizer.Rewrite(Export(DefaultSeccompProfile.Create(CapabilitySet.Default)));
        Assert.Equal(0, Bubblewrap.Run(program, "true").ExitCode);
    }

    private static void AssertSame(byte[] before, Random random, int samples)
    {
        byte[] after = BpfOptimizer.Rewrite(before);
        uint[] architectures = [BpfInterpreter.X64, BpfInterpreter.X86, 0xC00000B7, 0, uint.MaxValue];
        foreach (uint architecture in architectures)
        {
            foreach (long number in Numbers(random))
            {
                for (int sample = 0; sample < samples; sample++)
                {
                    ulong[] arguments = new ulong[6];
                    for (int index = 0; index < 6; index++) arguments[index] = Argument(random);
                    uint expected = BpfInterpreter.Run(before, architecture, number, arguments);
                    uint actual = BpfInterpreter.Run(after, architecture, number, arguments);
                    Assert.True(
                        expected == actual,
                        $"{architecture:x} {number} ({string.Join(", ", arguments)}): {expected:x}, now {actual:x}");
                }
            }
        }
    }

    private static IEnumerable<long> Numbers(Random random)
    {
        for (long number = 0; number < 600; number++) yield return number;
        for (long number = 0; number < 600; number += 7) yield return number | BpfInterpreter.X32Bit;
        for (int turn = 0; turn < 50; turn++) yield return random.NextInt64(1L << 32);
        foreach (long edge in (long[])[0x3FFFFFFF, 0x7FFFFFFF, 0x80000000, 0xBFFFFFFF, 0xC0000000, 0xFFFFFFFF])
        {
            yield return edge;
        }
    }

    private static ulong Argument(Random random) => random.Next(4) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => Values[random.Next(Values.Length)] + 1,
        _ => Values[random.Next(Values.Length)],
    };

    private static OciSeccomp MakeProfile(Random random)
    {
        var rules = new List<OciSyscall>();
        for (int count = random.Next(1, 12); count > 0; count--)
        {
            string[] names = [.. Names.Where(_ => random.Next(6) == 0), Names[random.Next(Names.Length)]];
            OciSeccompArg[] conditions =
            [
                .. Enumerable.Range(0, random.Next(4)).Select(_ => new OciSeccompArg
                {
                    Index = (uint)random.Next(3),
                    Op = Operators[random.Next(Operators.Length)],
                    Value = Values[random.Next(Values.Length)],
                    ValueTwo = Values[random.Next(Values.Length)],
                }),
            ];
            rules.Add(new OciSyscall { Names = names, Action = Actions[random.Next(Actions.Length)], Args = conditions });
        }

        return Profile(Actions[random.Next(Actions.Length)], [.. rules]) with
        {
            Architectures = random.Next(2) == 0 ? null : ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        };
    }

    // What libseccomp writes, with the tree where there are many names, before anything of ours is done to it.
    private static byte[] Export(OciSeccomp profile) => TryExport(profile)!;

    private static byte[]? TryExport(OciSeccomp profile)
    {
        try
        {
            return SeccompCompiler.CompileAsWritten(profile).Instructions;
        }
        catch (DocumentException)
        {
            return null;
        }
    }
}
