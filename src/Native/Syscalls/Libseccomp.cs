using System.Runtime.InteropServices;

// Libraries come from where ld.so looks, never from the directory of this assembly.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Container.Native.Syscalls;

/// <summary>
/// libseccomp (seccomp_init(3) and the pages it names). The library is loaded by the first call, that is only where a
/// filter has to be compiled; functions return a negative errno and do not set errno.
/// </summary>
internal static unsafe partial class Libseccomp
{
    public const string FileName = "libseccomp.so.2";

    public const int SCMP_FLTATR_ACT_BADARCH = 2;

    /// <summary>__NR_SCMP_ERROR: a name that no architecture has.</summary>
    public const int UnknownSystemCall = -1;

    [LibraryImport(FileName)]
    public static partial nint seccomp_init(uint defaultAction);

    [LibraryImport(FileName)]
    public static partial void seccomp_release(nint filter);

    [LibraryImport(FileName)]
    public static partial uint seccomp_arch_native();

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint seccomp_arch_resolve_name(string name);

    [LibraryImport(FileName)]
    public static partial int seccomp_arch_add(nint filter, uint architecture);

    [LibraryImport(FileName)]
    public static partial int seccomp_attr_set(nint filter, int attribute, uint value);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name_arch(uint architecture, string name);

    [LibraryImport(FileName)]
    public static partial int seccomp_rule_add_array(
        nint filter, uint action, int number, uint count, Comparison* comparisons);

    [LibraryImport(FileName)]
    public static partial int seccomp_export_bpf(nint filter, int fd);

    [LibraryImport(FileName)]
    public static partial uint seccomp_api_get();

    [LibraryImport(FileName)]
    public static partial Version* seccomp_version();

    /// <summary>struct scmp_arg_cmp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Comparison
    {
        public uint Argument;
        public int Operator;
        public ulong First;
        public ulong Second;
    }

    /// <summary>struct scmp_version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Version
    {
        public uint Major;
        public uint Minor;
        public uint Micro;
    }
}
