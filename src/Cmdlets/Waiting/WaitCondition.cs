using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>Something that has to become true of a container.</summary>
internal abstract class WaitCondition
{
    /// <summary>What is waited for, for messages.</summary>
    public abstract string Description { get; }

    /// <summary>Whether only a container that runs can ever meet it.</summary>
    public virtual bool NeedsRunning => true;

    /// <summary>Looks once.</summary>
    public abstract bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token);
}
