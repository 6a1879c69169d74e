using Container.Runtime.Arguments;
using Container.Runtime.Creation;
using Container.Runtime.Messages;
using Container.Runtime.State;

namespace Container.Runtime.Commands;

/// <summary><c>psrun delete [--force] ID</c></summary>
internal sealed class DeleteCommand : Command
{
    public override string Name => "delete";

    public override string Summary => "remove a container that is not running";

    public override string Operands => "<container-id>";

    public override Option[] Options =>
    [
        new("force", "kill it first; one that does not exist is no error", 'f'),
        new("regex", "the id is a regular expression: all containers that it matches", 'r'),
    ];

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        List<string> ids = ContainerList.Select(global, arguments, arguments.Operands[0]);
        ContainerList.ForEach(ids, global.Log, id => Delete(global, id, arguments.Flag("force")));
        return 0;
    }

    private static void Delete(GlobalOptions global, string id, bool force)
    {
        ContainerId.Check(id);
        ContainerDirectory? directory = ContainerDirectory.TryOpen(global.Root, id);
        if (directory is null)
        {
            // A create that was killed at once may have left its directory; one that still ran has made a container.
            if (ContainerDirectory.RemoveRemains(global.Root, id)) return;
            directory = ContainerDirectory.TryOpen(global.Root, id);
        }

        if (directory is null)
        {
            if (force) return;
            throw new RuntimeException($"container '{id}' does not exist");
        }

        using ContainerLock held = directory.Lock(global.Root);
        ContainerStatus status = directory.GetStatus();
        if (!force && status is ContainerStatus.Running or ContainerStatus.Paused)
            throw new RuntimeException($"container '{id}' is {StatusText.Of(status)}: stop it, or use --force");
        ContainerRemoval.RemoveOfOther(directory, global.Log);
    }
}
