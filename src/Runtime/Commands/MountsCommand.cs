using Container.Native.Cgroups;
using Container.Native.Compilation;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun mounts add|remove ID FILE</c>, as crun has it.</summary>
internal sealed class MountsCommand : Command
{
    public override string Name => "mounts";

    public override string Summary => "add mounts to a running container, or remove them";

    public override string Operands => "add|remove <container-id> <file>";

    public override int LeastOperands => 3;

    public override int MostOperands => 3;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        string verb = arguments.Operands[0];
        if (verb is not ("add" or "remove")) throw new UsageException($"mounts: '{verb}' is not add or remove");
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[1]);
        IReadOnlyList<OciMount> mounts = Read(arguments.Operands[2]);
        using ContainerLock held = directory.Lock(global.Root);
        using FileDescriptor init =
            directory.State.FindProcess() is { } process && ContainerSignal.TryOpen(process) is { } open
                ? open
                : throw new RuntimeException($"container '{directory.Id}' is stopped, not running");
        OciSpec spec = directory.ReadConfiguration() with { Mounts = mounts };
        if (verb == "remove")
        {
            ContainerMounts.Remove(spec, init);
            return 0;
        }

        using CgroupManager? cgroup = directory.OpenCgroup();
        LaunchOptions options = new() { Id = directory.Id, Bundle = directory.State.Bundle, Cgroup = cgroup };
        ContainerMounts.Add(spec, init, options);
        return 0;
    }

    /// <summary>The file is the array that a configuration has as its member <c>mounts</c>.</summary>
    private static IReadOnlyList<OciMount> Read(string path)
    {
        try
        {
            byte[] json = [.. "{\"mounts\":"u8, .. CallerFile.Read(path), (byte)'}'];
            IReadOnlyList<OciMount> mounts = new JsonSource(json, OciDocument.MaxDepth).Document<MountList>().Mounts;
            foreach (OciMount mount in mounts)
            {
                if (!mount.Destination.StartsWith('/'))
                    throw new DocumentException("destination", $"destination '{mount.Destination}' is not absolute");
            }

            return mounts;
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{path}: {failure.Message}");
        }
    }
}
