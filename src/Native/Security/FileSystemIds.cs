using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// This thread with other ids for file access for a moment, and all its capabilities kept: setfsuid(2), and
/// SECBIT_NO_SETUID_FIXUP of capabilities(7), without which the kernel takes those for files away. Disposing brings
/// the ids back.
/// </summary>
public sealed class FileSystemIds : IDisposable
{
    private const int PR_GET_SECUREBITS = 27;
    private const int PR_SET_SECUREBITS = 28;
    private const int SECBIT_NO_SETUID_FIXUP = 4;

    private readonly int bits;

    private FileSystemIds(int bits) => this.bits = bits;

    /// <summary>Files are looked up and made as <paramref name="uid"/> and <paramref name="gid"/> from here on.</summary>
    public static FileSystemIds Become(uint uid, uint gid)
    {
        int bits = SystemCallException.Check(
            Credentials.prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), "prctl", "PR_GET_SECUREBITS");
        SystemCallException.Check(
            Credentials.prctl(PR_SET_SECUREBITS, (nuint)(bits | SECBIT_NO_SETUID_FIXUP), 0, 0, 0),
            "prctl", "PR_SET_SECUREBITS");
        RawCall.Invoke(SystemCallNumber.setfsgid, (nint)gid);
        RawCall.Invoke(SystemCallNumber.setfsuid, (nint)uid);
        return new FileSystemIds(bits);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RawCall.Invoke(SystemCallNumber.setfsuid, (nint)Users.geteuid());
        RawCall.Invoke(SystemCallNumber.setfsgid, (nint)Users.getegid());
        SystemCallException.Check(
            Credentials.prctl(PR_SET_SECUREBITS, (nuint)bits, 0, 0, 0), "prctl", "PR_SET_SECUREBITS");
    }
}
