using Container.Native.Cgroups;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun pause ID</c></summary>
internal sealed class PauseCommand : Command
{
    public override string Name => "pause";

    public override string Summary => "stop all processes of a container";

    public override string Operands => "<container-id>";

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using ContainerLock held = directory.Lock(global.Root);
        ContainerStatus status = directory.GetStatus();
        if (status is not (ContainerStatus.Running or ContainerStatus.Created))
            throw new RuntimeException($"container '{directory.Id}' is {StatusText.Of(status)}, not running");
        using CgroupManager cgroup = directory.OpenCgroup()
            ?? throw new RuntimeException($"container '{directory.Id}' has no cgroup and cannot be paused");
        cgroup.Freeze();
        return 0;
    }
}
