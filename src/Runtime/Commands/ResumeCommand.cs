using Container.Native.Cgroups;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun resume ID</c></summary>
internal sealed class ResumeCommand : Command
{
    public override string Name => "resume";

    public override string Summary => "let the processes of a paused container go on";

    public override string Operands => "<container-id>";

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using ContainerLock held = directory.Lock(global.Root);
        using CgroupManager? cgroup = directory.OpenCgroup();
        if (directory.State.FindProcess() is null || cgroup is not { Exists: true, IsFrozen: true })
            throw new RuntimeException($"container '{directory.Id}' is not paused");
        cgroup.Thaw();
        return 0;
    }
}
