using Container.Native.Cgroups;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Resources;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun update [options] ID</c></summary>
internal sealed class UpdateCommand : Command
{
    public override string Name => "update";

    public override string Summary => "change the limits of a container";

    public override string Operands => "<container-id>";

    public override Option[] Options => ResourceArguments.Known;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        OciResources wanted = ResourceArguments.Read(arguments);
        using ContainerLock held = directory.Lock(global.Root);
        if (directory.State.FindProcess() is null)
            throw new RuntimeException($"container '{directory.Id}' is stopped: it has no limits to change");
        OciSpec spec = directory.ReadConfiguration();
        RequireCacheAllocation(arguments, spec);
        using CgroupManager cgroup = directory.OpenCgroup()
            ?? throw new RuntimeException($"container '{directory.Id}' has no cgroup and no limits to change");
        ResourceChange change = new(spec.Linux?.Resources, wanted);
        Apply(cgroup, change, global.Log);
        directory.WriteConfiguration(OciDocument.Write(
            spec with { Linux = (spec.Linux ?? new OciLinux()) with { Resources = change.Kept } }));
        return 0;
    }

    private static void Apply(CgroupManager cgroup, ResourceChange change, Log log)
    {
        try
        {
            cgroup.Apply(change.Applied);
        }
        catch (Exception failure) when (failure is CgroupException or SystemCallException)
        {
            try
            {
                cgroup.Apply(change.Undo);
            }
            catch (Exception second) when (second is CgroupException or SystemCallException)
            {
                log.Warn(second.Message);
            }

            throw;
        }
    }

    private static void RequireCacheAllocation(ParsedArguments arguments, OciSpec spec)
    {
        foreach (string option in new[] { "l3-cache-schema", "mem-bw-schema" })
        {
            if (string.IsNullOrEmpty(arguments.Value(option))) continue;
            if (spec.Linux?.IntelRdt is null)
                throw new RuntimeException($"--{option}: the container was made without linux.intelRdt");
        }
    }
}
