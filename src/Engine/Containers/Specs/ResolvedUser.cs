namespace Container.Engine.Containers.Specs;

/// <summary>A user as the kernel knows it.</summary>
/// <param name="Uid">The user id.</param>
/// <param name="Gid">The primary group.</param>
/// <param name="Groups">
/// All supplementary groups, with the primary one: without it a file mode that denies the group could be evaded
/// (CVE-2022-36109).
/// </param>
internal sealed record ResolvedUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups);
