using Container.Engine.Files;
using Container.Native.Files;

namespace Container.Engine.Containers;

/// <summary>A path of a container: the root it is resolved in, and what its owners mean.</summary>
/// <param name="Root">The container's root, or the source of the mount that the path leads into.</param>
/// <param name="Path">The path in it.</param>
/// <param name="Ids">What its owners are to the host.</param>
/// <param name="ReadOnly">Whether the container may not write there either.</param>
internal sealed record ContainerPlace(RootDirectory Root, string Path, IdShift Ids, bool ReadOnly) : IDisposable
{
    public void Dispose() => Root.Dispose();
}
