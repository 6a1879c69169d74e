using Container.Engine.Configuration;
using Container.Engine.Store;

namespace Container.Engine.Volumes;

/// <summary>The volumes of a container that is being made: none of them goes until it is, or is given up.</summary>
internal sealed class VolumeLease(IReadOnlyList<ContainerMount> mounts, LockFile? held, Action undo) : IDisposable
{
    private bool kept;

    /// <summary>The container's mounts, each volume with its name.</summary>
    public IReadOnlyList<ContainerMount> Mounts => mounts;

    /// <summary>The container is there: what was made for it stays.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        if (!kept) undo();
        held?.Dispose();
    }
}
