using System.Globalization;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// Compiles <see cref="OciSeccomp"/> with libseccomp. This is the slow path: <see cref="SeccompCache"/> is what a
/// container's start goes through.
/// </summary>
/// <remarks>
/// As runc does it, so that a profile means the same everywhere: names no architecture has are passed over (with a
/// note), a rule that says what the default says is redundant, conditions naming one argument twice are alternatives,
/// and numbers above all that the profile names return ENOSYS (<see cref="SeccompStub"/>) unless the default action
/// lets calls through or returns ENOSYS itself. Actions, architectures, flags and comparisons that we do not know are
/// refused.
/// </remarks>
public static unsafe class SeccompCompiler
{
    // Level 6 is libseccomp 2.5 on Linux 5.7: seccomp_api_get(3).
    private const uint NotifyApiLevel = 6;

    // What libseccomp writes may be longer than what the kernel takes; what we make of it may not.
    private const int ExportLimit = 16 * SeccompProgram.MaxInstructions * SeccompProgram.InstructionSize;

    /// <summary>Compiles <paramref name="profile"/>.</summary>
    /// <exception cref="DocumentException">The profile has something we do not know.</exception>
    /// <exception cref="SeccompException">libseccomp is missing or cannot express the profile.</exception>
    public static SeccompProgram Compile(OciSeccomp profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        SeccompProgram written = CompileAsWritten(profile);
        var program = new SeccompProgram(BpfOptimizer.Rewrite(written.Instructions), written.Flags, written.Notes);
        return program.Count <= SeccompProgram.MaxInstructions
            ? program
            : throw new SeccompException(
                $"the filter has {program.Count} instructions; the kernel takes {SeccompProgram.MaxInstructions}");
    }

    /// <summary>The filter as libseccomp writes it, with <see cref="SeccompStub"/> where that belongs.</summary>
    internal static SeccompProgram CompileAsWritten(OciSeccomp profile)
    {
        uint defaultAction = SeccompNames.Action(
            profile.DefaultAction,
            profile.DefaultErrnoRet,
            "linux.seccomp.defaultAction",
            "linux.seccomp.defaultErrnoRet");
        if (defaultAction == SeccompNames.Notify)
        {
            throw SeccompNames.Refuse("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be the default action");
        }

        try
        {
            return Compile(profile, defaultAction);
        }
        catch (DllNotFoundException exception)
        {
            throw new SeccompException(
                $"{Libseccomp.FileName} is not installed, so the system-call filter cannot be compiled; install the "
                + "package libseccomp2 (Debian, Ubuntu) or libseccomp", exception);
        }
    }

    private static SeccompProgram Compile(OciSeccomp profile, uint defaultAction)
    {
        var notes = new List<string>();
        uint flags = Flags(profile, notes);
        nint filter = Libseccomp.seccomp_init(defaultAction);
        if (filter == 0) throw new SeccompException($"libseccomp does not take {profile.DefaultAction} on this kernel");
        try
        {
            List<uint> architectures = AddArchitectures(filter, profile.Architectures ?? []);
            SetAttributes(filter);
            var last = new Dictionary<uint, int>();
            var later = new Dictionary<int, uint>();
            IReadOnlyList<OciSyscall> rules = profile.Syscalls ?? [];
            for (int index = 0; index < rules.Count; index++)
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"linux.seccomp.syscalls[{index}]");
                SeccompRule rule = SeccompRule.Read(rules[index], path);
                if (rule.Action == SeccompNames.Notify) flags |= CheckNotify(rule, path);
                rule.AddTo(filter, defaultAction, later, notes);
                rule.NoteLast(architectures, last);
            }

            if ((flags & SeccompNames.FlagNewListener) == 0) flags &= ~SeccompNames.FlagWaitKillableRecv;
            byte[] program = Export(filter);
            bool limits = NeedsStub(defaultAction);
            if (limits || later.Count > 0)
                program = [.. SeccompStub.Create(architectures, last, later, limits), .. program];
            return new SeccompProgram(program, flags, notes);
        }
        finally
        {
            Libseccomp.seccomp_release(filter);
        }
    }

    private static uint Flags(OciSeccomp profile, List<string> notes)
    {
        uint flags = 0;
        IReadOnlyList<string> names = profile.Flags ?? [];
        for (int index = 0; index < names.Count; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"linux.seccomp.flags[{index}]");
            flags |= SeccompNames.Flag(names[index], path);
        }

        // The process that installs the filter has one thread, and with NOTIFY the kernel refuses TSYNC.
        if ((flags & SeccompNames.FlagThreadSync) != 0)
        {
            notes.Add("SECCOMP_FILTER_FLAG_TSYNC has no effect on a process with one thread");
        }

        return flags & ~SeccompNames.FlagThreadSync;
    }

    private static List<uint> AddArchitectures(nint filter, IReadOnlyList<string> names)
    {
        // seccomp_init(3) has put the native one in, whether the profile names it or not.
        var tokens = new List<uint> { Libseccomp.seccomp_arch_native() };
        for (int index = 0; index < names.Count; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"linux.seccomp.architectures[{index}]");
            string name = names[index];
            bool known = Array.IndexOf(OciNames.SeccompArchitectures, name) >= 0;
            if (!known) throw SeccompNames.Refuse(path, $"'{name}' is not an architecture");
            uint token = Libseccomp.seccomp_arch_resolve_name(name["SCMP_ARCH_".Length..].ToLowerInvariant());
            if (token == 0) throw SeccompNames.Refuse(path, $"libseccomp {LibraryVersion()} does not know {name}");
            if (tokens.Contains(token)) continue;
            int result = Libseccomp.seccomp_arch_add(filter, token);
            if (result < 0) throw SeccompNames.Refuse(path, $"{name} does not fit this machine ({(Errno)(-result)})");
            tokens.Add(token);
        }

        return tokens;
    }

    private static void SetAttributes(nint filter)
    {
        // A call through an architecture that has no rules ends the whole process: the library's own choice, the
        // thread, leaves a program with one thread missing. Linux before 4.14 lacks the action; there that choice
        // stands.
        // The library can also write a tree instead of a list (SCMP_FLTATR_CTL_OPTIMIZE): left off, as
        // BpfOptimizer makes the same of both and the tree doubles the time.
        _ = Libseccomp.seccomp_attr_set(filter, Libseccomp.SCMP_FLTATR_ACT_BADARCH, SeccompNames.KillProcess);
    }

    private static uint CheckNotify(SeccompRule rule, string path)
    {
        // The child reports a failed execve(2) with write(2): waiting for a supervisor there would hang the start.
        if (rule.Names.Has("write"))
        {
            throw SeccompNames.Refuse(path, "SCMP_ACT_NOTIFY cannot be used for write");
        }

        uint level = Libseccomp.seccomp_api_get();
        return level >= NotifyApiLevel
            ? SeccompNames.FlagNewListener
            : throw new SeccompException(
                "SCMP_ACT_NOTIFY needs libseccomp 2.5 and Linux 5.7 "
                + $"(API level {NotifyApiLevel}); this is level {level}");
    }

    private static byte[] Export(nint filter)
    {
        using FileDescriptor memory = Memfd.Create("seccomp");
        int result = Libseccomp.seccomp_export_bpf(filter, memory.Number);
        if (result < 0) throw new SeccompException($"libseccomp cannot express the filter ({(Errno)(-result)})");
        SystemCallException.Check(FileCalls.lseek(memory.Number, 0, FileCalls.SEEK_SET), "lseek", "seccomp");
        return FileCalls.ReadAll(memory, ExportLimit, "seccomp");
    }

    private static bool NeedsStub(uint defaultAction) =>
        defaultAction is not (SeccompNames.Allow or SeccompNames.Log or (SeccompNames.Errno | (uint)Errno.ENOSYS))
        && (defaultAction & 0xFFFF0000) != SeccompNames.Trace;

    /// <summary>The version of libseccomp; null where it is not installed.</summary>
    internal static string? FindLibraryVersion()
    {
        try
        {
            return LibraryVersion();
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The version of libseccomp as one number.</summary>
    internal static ulong LibraryNumber
    {
        get
        {
            Libseccomp.Version* version = Libseccomp.seccomp_version();
            return ((ulong)version->Major << 32) | (version->Minor << 16) | version->Micro;
        }
    }

    private static string LibraryVersion()
    {
        Libseccomp.Version* version = Libseccomp.seccomp_version();
        return string.Create(CultureInfo.InvariantCulture, $"{version->Major}.{version->Minor}.{version->Micro}");
    }
}
