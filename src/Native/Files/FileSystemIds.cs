using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Files;

/// <summary>
/// This thread with other ids for file access for a moment, and all its capabilities kept: setfsuid(2). Disposing brings
/// the ids back.
/// </summary>
public sealed class FileSystemIds : IDisposable
{
    private readonly KeptCapabilities kept;

    private FileSystemIds(KeptCapabilities kept) => this.kept = kept;

    /// <summary>Files are looked up and made as <paramref name="uid"/> and <paramref name="gid"/> from here on.</summary>
    public static FileSystemIds Become(uint uid, uint gid)
    {
        KeptCapabilities kept = KeptCapabilities.Begin();
        RawCall.Invoke(SystemCallNumber.setfsgid, (nint)gid);
        RawCall.Invoke(SystemCallNumber.setfsuid, (nint)uid);
        return new FileSystemIds(kept);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RawCall.Invoke(SystemCallNumber.setfsuid, (nint)Users.geteuid());
        RawCall.Invoke(SystemCallNumber.setfsgid, (nint)Users.getegid());
        kept.Dispose();
    }
}
