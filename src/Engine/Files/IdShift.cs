using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Files;

/// <summary>Between the ids a container has for its files and those the host sees them with.</summary>
internal sealed class IdShift(IReadOnlyList<OciIdMapping>? users, IReadOnlyList<OciIdMapping>? groups)
{
    /// <summary>What the kernel shows for an id that a namespace does not have.</summary>
    public const uint Nobody = 65534;

    /// <summary>Both see the same.</summary>
    public static IdShift None { get; } = new(null, null);

    public bool IsNone => users is not { Count: > 0 } || (IsIdentity(users) && IsIdentity(groups ?? []));

    public (uint Uid, uint Gid) ToHost(uint uid, uint gid) => (ToHost(uid, users), ToHost(gid, groups));

    public (uint Uid, uint Gid) ToContainer(uint uid, uint gid) => (ToContainer(uid, users), ToContainer(gid, groups));

    private static bool IsIdentity(IReadOnlyList<OciIdMapping> maps) => maps.All(map => map.ContainerId == map.HostId);

    private static uint ToHost(uint id, IReadOnlyList<OciIdMapping>? maps)
    {
        if (maps is not { Count: > 0 }) return id;
        foreach (OciIdMapping map in maps)
        {
            if (id >= map.ContainerId && id - map.ContainerId < map.Size) return map.HostId + (id - map.ContainerId);
        }

        return id == Nobody ? throw Unmapped() : ToHost(Nobody, maps);
    }

    private static uint ToContainer(uint id, IReadOnlyList<OciIdMapping>? maps)
    {
        if (maps is not { Count: > 0 }) return id;
        foreach (OciIdMapping map in maps)
        {
            if (id >= map.HostId && id - map.HostId < map.Size) return map.ContainerId + (id - map.HostId);
        }

        return Nobody;
    }

    private static EngineException Unmapped() => new(
        ErrorId.InvalidUser, "The container's user namespace has no id for an owner that it does not know.");
}
