using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>struct clone_args of clone(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArguments
{
    public const ulong CLONE_NEWTIME = 0x80;
    public const ulong CLONE_PIDFD = 0x1000;
    public const ulong CLONE_PARENT = 0x8000;
    public const ulong CLONE_NEWNS = 0x20000;
    public const ulong CLONE_PARENT_SETTID = 0x100000;
    public const ulong CLONE_NEWCGROUP = 0x2000000;
    public const ulong CLONE_NEWUTS = 0x4000000;
    public const ulong CLONE_NEWIPC = 0x8000000;
    public const ulong CLONE_NEWUSER = 0x10000000;
    public const ulong CLONE_NEWPID = 0x20000000;
    public const ulong CLONE_NEWNET = 0x40000000;
    public const ulong CLONE_INTO_CGROUP = 0x200000000;

    public ulong Flags;
    public ulong PidFd;
    public ulong ChildTid;
    public ulong ParentTid;
    public ulong ExitSignal;
    public ulong Stack;
    public ulong StackSize;
    public ulong Tls;
    public ulong SetTid;
    public ulong SetTidSize;
    public ulong Cgroup;

    /// <summary>All zero; code after clone has no constructors.</summary>
    public static unsafe void Clear(CloneArguments* arguments)
    {
        ulong* words = (ulong*)arguments;
        for (int i = 0; i < sizeof(CloneArguments) / sizeof(ulong); i++)
        {
            words[i] = 0;
        }
    }
}
