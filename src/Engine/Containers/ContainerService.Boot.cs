using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// The containers that their restart policies want to run when the host has started, in the order of their
    /// creation.
    /// </summary>
    public IReadOnlyList<ContainerRecord> ListForBoot() => [.. List().Where(container =>
        container.State is ContainerState.Created or ContainerState.Exited && IsWantedAtBoot(container))];

    private bool IsWantedAtBoot(ContainerRecord container) => container.Configuration.RestartPolicy switch
    {
        ContainerRestartPolicy.Always => true,

        // What ended with the host, or with its monitor, nobody has stopped.
        ContainerRestartPolicy.UnlessStopped => store.TryReadKeptState(container.Id) is { } kept
            && (kept.Status != "exited" || kept.Error is not null),
        _ => false,
    };
}
