using System.Runtime.InteropServices;

namespace Container.Native.Syscalls;

/// <summary>Programs attached to cgroups: bpf(2).</summary>
internal static unsafe class Bpf
{
    public const uint BPF_F_ALLOW_MULTI = 1 << 1;
    public const uint BPF_F_REPLACE = 1 << 2;
    private const int Attempts = 10;
    private const int BPF_PROG_LOAD = 5;
    private const int BPF_PROG_ATTACH = 8;
    private const int BPF_PROG_DETACH = 9;
    private const int BPF_PROG_GET_FD_BY_ID = 13;
    private const int BPF_PROG_QUERY = 16;
    private const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private const uint BPF_CGROUP_DEVICE = 6;

    /// <summary>Loads a device program; the instructions are struct bpf_insn.</summary>
    public static FileDescriptor LoadDeviceProgram(ReadOnlySpan<ulong> instructions)
    {
        fixed (ulong* start = instructions)
        fixed (byte* license = "MIT\0"u8)
        {
            LoadRequest request = new()
            {
                Type = BPF_PROG_TYPE_CGROUP_DEVICE,
                InstructionCount = (uint)instructions.Length,
                Instructions = (ulong)start,
                License = (ulong)license,
            };
            return new FileDescriptor(Call(BPF_PROG_LOAD, &request, sizeof(LoadRequest), "bpf(BPF_PROG_LOAD)"));
        }
    }

    /// <summary>Attaches to a cgroup, in the place of <paramref name="replaced"/> in one step when it is given.</summary>
    public static void Attach(FileDescriptor cgroup, FileDescriptor program, FileDescriptor? replaced)
    {
        AttachRequest request = new()
        {
            Target = (uint)cgroup.Number,
            Program = (uint)program.Number,
            Type = BPF_CGROUP_DEVICE,
            Flags = BPF_F_ALLOW_MULTI | (replaced is null ? 0 : BPF_F_REPLACE),
            Replaced = (uint)(replaced?.Number ?? 0),
        };
        Call(BPF_PROG_ATTACH, &request, sizeof(AttachRequest), "bpf(BPF_PROG_ATTACH)");
    }

    public static void Detach(FileDescriptor cgroup, FileDescriptor program)
    {
        AttachRequest request = new()
        {
            Target = (uint)cgroup.Number, Program = (uint)program.Number, Type = BPF_CGROUP_DEVICE,
        };
        Call(BPF_PROG_DETACH, &request, sizeof(AttachRequest), "bpf(BPF_PROG_DETACH)");
    }

    /// <summary>The device programs attached to the cgroup itself.</summary>
    public static List<FileDescriptor> OpenAttached(FileDescriptor cgroup)
    {
        const int most = 64;
        uint* ids = stackalloc uint[most];
        QueryRequest request = new()
        {
            Target = (uint)cgroup.Number, Type = BPF_CGROUP_DEVICE, Ids = (ulong)ids, Count = most,
        };
        Call(BPF_PROG_QUERY, &request, sizeof(QueryRequest), "bpf(BPF_PROG_QUERY)");
        List<FileDescriptor> programs = [];
        for (uint i = 0; i < request.Count; i++)
        {
            OpenRequest open = new() { Id = ids[i] };
            int fd = Call(BPF_PROG_GET_FD_BY_ID, &open, sizeof(OpenRequest), "bpf(BPF_PROG_GET_FD_BY_ID)");
            programs.Add(new FileDescriptor(fd));
        }

        return programs;
    }

    // Every descriptor that bpf(2) returns is close-on-exec. EAGAIN: a signal came while a program was being verified.
    private static int Call(int command, void* request, int size, string operation)
    {
        long result;
        int attempts = 0;
        do
        {
            result = RawCall.Invoke(SystemCallNumber.bpf, command, (nint)request, size);
        }
        while (result == -(long)Errno.EAGAIN && ++attempts < Attempts);

        return result < 0 ? throw new SystemCallException(operation, null, (Errno)(-result)) : (int)result;
    }

    // The members of union bpf_attr for each command, as far as they are used.
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadRequest
    {
        public uint Type;
        public uint InstructionCount;
        public ulong Instructions;
        public ulong License;
        public uint LogLevel;
        public uint LogSize;
        public ulong LogBuffer;
        public uint KernelVersion;
        public uint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AttachRequest
    {
        public uint Target;
        public uint Program;
        public uint Type;
        public uint Flags;
        public uint Replaced;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct QueryRequest
    {
        public uint Target;
        public uint Type;
        public uint QueryFlags;
        public uint AttachFlags;
        public ulong Ids;
        public uint Count;
        public uint Padding;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenRequest
    {
        public uint Id;
        public uint NextId;
        public uint Flags;
    }
}
