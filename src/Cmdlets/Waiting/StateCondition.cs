using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>The container is in a state.</summary>
internal sealed class StateCondition(ContainerState state) : WaitCondition
{
    public ContainerState State => state;

    public override string Description => state.ToString();

    public override bool NeedsRunning => state is not (ContainerState.Exited or ContainerState.Created);

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token) =>
        container.State == state;
}
