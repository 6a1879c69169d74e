using System.Globalization;
using System.Numerics;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// A set of capabilities (capabilities(7)) as the kernel keeps it: bit <c>n</c> is the capability with number <c>n</c>.
/// </summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    // Position is the kernel's number: linux/capability.h.
    private static readonly string[] Table =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    private static int lastSupported = -1;

    /// <summary>No capability at all.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>Every capability this program has a name for, whether or not the kernel knows it.</summary>
    public static CapabilitySet Known => new((1UL << Table.Length) - 1);

    /// <summary>Every capability the running kernel knows.</summary>
    public static CapabilitySet Supported => new((2UL << LastSupported) - 1);

    /// <summary>
    /// What a container is given unless it asks for more or less. The owner of the files, the bindings of low ports and
    /// changes of identity work; raw sockets, device nodes and writing audit records do not.
    /// </summary>
    public static CapabilitySet Default => new(
        Bit(0) | Bit(1) | Bit(3) | Bit(4) | Bit(5) | Bit(6) | Bit(7) | Bit(8) | Bit(10) | Bit(18) | Bit(31));

    /// <summary>The highest capability number of the running kernel (/proc/sys/kernel/cap_last_cap).</summary>
    public static int LastSupported
    {
        get
        {
            if (lastSupported < 0) lastSupported = ReadLastSupported();
            return lastSupported;
        }
    }

    /// <summary>How many capabilities are in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The names, in the order of their numbers; bits without a name are left out.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>(Count);
            for (int number = 0; number < Table.Length; number++)
            {
                if (Contains(number)) names.Add(Table[number]);
            }

            return names;
        }
    }

    /// <summary>
    /// The set of <paramref name="names"/>. <c>CAP_CHOWN</c>, <c>CHOWN</c> and <c>chown</c> are the same, <c>ALL</c> is
    /// <see cref="Supported"/>.
    /// </summary>
    /// <exception cref="FormatException">A name is not a capability.</exception>
    public static CapabilitySet Parse(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        CapabilitySet set = Empty;
        foreach (string name in names)
        {
            if (string.Equals(name, "ALL", StringComparison.OrdinalIgnoreCase)) set |= Supported;
            else if (NumberOf(name) is int number and >= 0) set |= new CapabilitySet(Bit(number));
            else throw new FormatException($"'{name}' is not the name of a capability (capabilities(7))");
        }

        return set;
    }

    /// <summary>The kernel's number of the capability <paramref name="name"/>, or -1 where there is none.</summary>
    public static int NumberOf(string? name)
    {
        if (string.IsNullOrEmpty(name)) return -1;
        ReadOnlySpan<char> bare = Bare(name);
        for (int number = 0; number < Table.Length; number++)
        {
            if (bare.Equals(Table[number].AsSpan(4), StringComparison.OrdinalIgnoreCase)) return number;
        }

        return -1;
    }

    /// <summary>The name, such as <c>CAP_CHOWN</c>, of the capability with <paramref name="number"/>.</summary>
    public static string NameOf(int number) => Table[number];

    /// <summary>
    /// The bounding set of this process: nothing it starts can have more, except in a user namespace it makes, where
    /// the set starts out full again (user_namespaces(7)).
    /// </summary>
    public static CapabilitySet ReadBounding()
    {
        ulong bits = 0;
        for (int number = 0; number <= LastSupported; number++)
        {
            int held = SystemCallException.Check(
                Credentials.prctl(Credentials.PR_CAPBSET_READ, (nuint)number, 0, 0, 0), "prctl(PR_CAPBSET_READ)");
            if (held == 1) bits |= Bit(number);
        }

        return new CapabilitySet(bits);
    }

    /// <summary>Whether the capability with <paramref name="number"/> is in the set.</summary>
    public bool Contains(int number) => number is >= 0 and < 64 && (Bits & Bit(number)) != 0;

    /// <summary>Whether the capability called <paramref name="name"/> is in the set.</summary>
    public bool Contains(string name) => Contains(NumberOf(name));

    /// <summary>The capabilities of both sets.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    /// <summary>The capabilities that are in both sets.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    /// <summary>The capabilities of <paramref name="left"/> that are not in <paramref name="right"/>.</summary>
    public static CapabilitySet operator -(CapabilitySet left, CapabilitySet right) => new(left.Bits & ~right.Bits);

    /// <summary>The names, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', Names);

    private static ulong Bit(int number) => 1UL << number;

    private static ReadOnlySpan<char> Bare(string name) =>
        name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name.AsSpan(4) : name;

    private static int ReadLastSupported()
    {
        const string Path = "/proc/sys/kernel/cap_last_cap";
        using FileDescriptor file = FileCalls.Open(Path, FileCalls.O_RDONLY);
        string text = Encoding.ASCII.GetString(FileCalls.ReadAll(file, 64, Path)).Trim();
        return int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
