using Container.Native.Cgroups.Devices;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Unified;

/// <summary>The device rules of a v2 cgroup: there is no devices controller, an attached program decides.</summary>
internal static class UnifiedDevices
{
    /// <summary>Attaches the program of <paramref name="rules"/>, in the place of what was attached before.</summary>
    public static void Apply(CgroupDirectory directory, DeviceRules rules)
    {
        List<FileDescriptor> old = Bpf.OpenAttached(directory.Descriptor);
        try
        {
            if (rules.AllowsByDefault && rules.Rules.Count == 0 && old.Count == 0) return;
            using FileDescriptor program = Bpf.LoadDeviceProgram(DeviceProgram.Assemble(rules));
            Replace(directory.Descriptor, program, old);
        }
        finally
        {
            foreach (FileDescriptor one in old) one.Dispose();
        }
    }

    // All attached programs must allow. One is exchanged in a single step (Linux 5.6); otherwise the new one comes
    // before the old ones go, so that at no moment more is allowed than before or after.
    private static void Replace(FileDescriptor cgroup, FileDescriptor program, List<FileDescriptor> old)
    {
        if (old.Count == 1)
        {
            try
            {
                Bpf.Attach(cgroup, program, old[0]);
                return;
            }
            catch (SystemCallException error) when (error.Errno is Errno.EINVAL)
            {
                // A kernel before 5.6: no BPF_F_REPLACE.
            }
        }

        Bpf.Attach(cgroup, program, null);
        foreach (FileDescriptor one in old) Bpf.Detach(cgroup, one);
    }
}
