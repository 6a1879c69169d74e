using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
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
        OciLinux linux = spec.Linux ?? new OciLinux();
        OciIntelRdt? schemas = ReadSchemas(arguments, linux.IntelRdt);
        using CgroupManager cgroup = directory.OpenCgroup()
            ?? throw new RuntimeException($"container '{directory.Id}' has no cgroup and no limits to change");
        ResourceChange change = new(spec.Linux?.Resources, wanted);
        Apply(cgroup, change, global.Log);
        if (schemas is not null) ResctrlGroup.Open(schemas with { Schemata = null }, directory.Id).Update();
        directory.WriteConfiguration(OciDocument.Write(spec with
        {
            Linux = linux with { Resources = change.Kept, IntelRdt = schemas ?? linux.IntelRdt },
        }));
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

    private static OciIntelRdt? ReadSchemas(ParsedArguments arguments, OciIntelRdt? current)
    {
        string? cache = arguments.Value("l3-cache-schema");
        string? bandwidth = arguments.Value("mem-bw-schema");
        if (string.IsNullOrEmpty(cache) && string.IsNullOrEmpty(bandwidth)) return null;
        if (current is null)
        {
            string option = string.IsNullOrEmpty(cache) ? "mem-bw-schema" : "l3-cache-schema";
            throw new RuntimeException($"--{option}: the container was made without linux.intelRdt");
        }

        return current with
        {
            L3CacheSchema = string.IsNullOrEmpty(cache) ? current.L3CacheSchema : cache,
            MemBwSchema = string.IsNullOrEmpty(bandwidth) ? current.MemBwSchema : bandwidth,
        };
    }
}
