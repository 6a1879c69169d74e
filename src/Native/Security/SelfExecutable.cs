using System.Text;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// Keeps our own executable out of a container's hands (CVE-2019-5736): through <c>/proc/self/exe</c> a container's
/// process can get hold of the program that started it, and root of a container without a user namespace is root to
/// that file.
/// </summary>
/// <remarks>
/// Three cases, from the cheapest:
/// <list type="bullet">
/// <item>The container has a user namespace that our file's owner is not mapped to, or the file is on a read-only
/// mount: the kernel refuses to open it for writing. Nothing to do.</item>
/// <item>Otherwise the container's program is executed by <see cref="ExecTrampoline"/>. Until then the process is
/// undumpable, so its <c>/proc/PID/exe</c> is closed to all that have not CAP_SYS_PTRACE on the host.</item>
/// <item>A process that enters a container which does have that, or that must carry a security label through
/// execve(2), or whose filter forbids what the trampoline does: we start over from a copy of our file that nobody can
/// write.</item>
/// </list>
/// </remarks>
public static unsafe class SelfExecutable
{
    /// <summary>A variable that only we set, in an environment that is else our caller's.</summary>
    internal const string MarkerName = "_PSRUN_PROTECTED";

    private const string Link = "/proc/self/exe";
    private const string Marker = MarkerName + "=1";
    private const int ProcLimit = 16 << 20;

    /// <summary>
    /// Whether the program runs with rights of its file that its caller has not: set-user-ID, set-group-ID or file
    /// capabilities. What it does for root it would do for anybody then, so it must not go on (CVE-2016-8659,
    /// CVE-2020-5291).
    /// </summary>
    public static bool HasRightsOfItsFile => Users.getauxval(Users.AT_SECURE) != 0;

    /// <summary>
    /// Prepares for running <paramref name="process"/> in the container of <paramref name="spec"/>: to be called when
    /// the documents have been read and nothing has been changed yet, as it may start this program over.
    /// </summary>
    /// <param name="spec">The container.</param>
    /// <param name="process">What will be executed in it.</param>
    /// <param name="entersRunning">Whether other processes are already in the container.</param>
    /// <returns>Whether the launch has to hide our executable (<c>LaunchOptions.HideExecutable</c>).</returns>
    public static bool Protect(OciSpec spec, OciProcess process, bool entersRunning)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(process);
        SelfExposure exposure = Judge(spec, process, entersRunning);
        if (exposure == SelfExposure.Full) StartOver();
        return exposure != SelfExposure.None;
    }

    /// <summary>
    /// Whether launches of <paramref name="process"/> have to hide our executable, for a program that cannot start over
    /// any more.
    /// </summary>
    public static bool MustBeHidden(OciSpec spec, OciProcess process)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(process);
        return Judge(spec, process, entersRunning: true) != SelfExposure.None;
    }

    /// <summary>Starts this program over from a file that nobody can write, unless it runs from one.</summary>
    public static void RequireWriteProtection()
    {
        using FileDescriptor self = FileCalls.Open(Link, FileCalls.O_RDONLY);
        if (!IsWriteProtected(self)) StartOver();
    }

    /// <summary>Our executable through a detached mount that is read-only: nothing is copied.</summary>
    internal static FileDescriptor OpenReadOnly()
    {
        FileDescriptor mount = Mount.OpenTree(Link, Mount.OPEN_TREE_CLONE);
        try
        {
            var attributes = new Mount.Attributes { Set = Mount.MOUNT_ATTR_RDONLY };
            Mount.SetAttributes(mount, attributes, recursive: false, Link);
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    /// <summary>A sealed copy in memory: for callers that may not mount.</summary>
    internal static FileDescriptor OpenSealedCopy()
    {
        using FileDescriptor self = FileCalls.Open(Link, FileCalls.O_RDONLY);
        FileDescriptor copy = Memfd.CreateExecutable("psrun");
        try
        {
            const nuint Chunk = 0x7FFFF000;
            while (SystemCallException.Check(Memfd.sendfile(copy.Number, self.Number, 0, Chunk), "sendfile", Link) > 0)
            {
            }

            Memfd.Seal(copy, Link);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Whether nobody can open the file for writing, whatever its permissions say.</summary>
    internal static bool IsWriteProtected(FileDescriptor file)
    {
        if (FileSystems.IsReadOnly(file, Link)) return true;
        int seals = FileCalls.fcntl(file.Number, Memfd.F_GET_SEALS, 0);
        return seals >= 0 && (seals & Memfd.F_SEAL_WRITE) != 0;
    }

    private static SelfExposure Judge(OciSpec spec, OciProcess process, bool entersRunning)
    {
        using FileDescriptor self = FileCalls.Open(Link, FileCalls.O_RDONLY);
        if (IsWriteProtected(self)) return SelfExposure.None;
        FileStatus status;
        SystemCallException.Check(
            FileCalls.statx(self.Number, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status), "statx", Link);
        return SelfExposureRules.Judge(spec, process, entersRunning, status.Uid, status.Gid, status.Mode);
    }

    private static void StartOver()
    {
        byte[] environment = Read("/proc/self/environ");
        if (environment.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Marker)) >= 0)
        {
            throw new SystemCallException("protect", Link, Errno.ETXTBSY);
        }

        using FileDescriptor program = Open();
        byte[] arguments = Read("/proc/self/cmdline");
        environment = [.. environment, .. Encoding.ASCII.GetBytes(Marker), 0];
        byte empty = 0;
        fixed (byte* argumentText = arguments)
        fixed (byte* environmentText = environment)
        fixed (nint* argumentList = Pointers(argumentText, arguments.Length))
        fixed (nint* environmentList = Pointers(environmentText, environment.Length))
        {
            long result = RawCall.Invoke(
                SystemCallNumber.execveat, program.Number, (nint)(&empty), (nint)argumentList, (nint)environmentList,
                FileCalls.AT_EMPTY_PATH);
            throw new SystemCallException("execveat", Link, (Errno)(-result));
        }
    }

    private static FileDescriptor Open()
    {
        try
        {
            return OpenReadOnly();
        }
        catch (SystemCallException)
        {
            return OpenSealedCopy();
        }
    }

    private static byte[] Read(string path)
    {
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        return FileCalls.ReadAll(file, ProcLimit, path);
    }

    // Pointers to the NUL-terminated strings that follow each other in "text", and NULL after the last.
    private static nint[] Pointers(byte* text, int length)
    {
        var result = new List<nint>();
        for (int start = 0, at = 0; at < length; at++)
        {
            if (text[at] != 0) continue;
            result.Add((nint)(text + start));
            start = at + 1;
        }

        result.Add(0);
        return [.. result];
    }
}
