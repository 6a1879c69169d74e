using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>The container's health check succeeds; without one it is enough that the container runs.</summary>
internal sealed class HealthCondition : WaitCondition
{
    public override string Description => "healthy";

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token) =>
        container.State == ContainerState.Running
        && (container.Configuration.HealthCheck is null || container.Health == ContainerHealth.Healthy);
}
