using Container.Native.IdMapping;
using Container.Native.Mounts;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>A bind that shows files under other ids than they have (mount_setattr(2), ID-mapped mounts).</summary>
/// <param name="Mount">The mount, not attached yet.</param>
/// <param name="Recursive">Whether it goes for the mounts below too.</param>
/// <param name="Source">Where it comes from, for messages.</param>
/// <param name="Uids">Its own mapping; null: the one of the container's user namespace.</param>
/// <param name="Gids">Its own mapping of groups.</param>
internal sealed record MappedBind(
    FileDescriptor Mount,
    bool Recursive,
    string Source,
    IReadOnlyList<OciIdMapping>? Uids,
    IReadOnlyList<OciIdMapping>? Gids)
{
    /// <summary>Maps the ids, while nothing is attached and the child waits.</summary>
    public void MapIds(FileDescriptor? container)
    {
        using FileDescriptor? own = Uids is null ? null : IdMapNamespace.Create(Uids, Gids!);
        DetachedMount.MapIds(Mount, own ?? container!, Recursive, Source);
    }
}
