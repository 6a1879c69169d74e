using System.Globalization;
using Container.Native.Namespaces;
using Container.Native.Oci;

namespace Container.Engine.State;

/// <summary>
/// The ids an ordinary user's containers have: root is the user, and 1 and up are the subordinate ids that /etc/subuid
/// and /etc/subgid give the user. Without those there is root alone.
/// </summary>
internal sealed class UserIds
{
    // The kernel's limit of a map is 340 lines; one is the user's own.
    private const int MaximumRanges = 339;

    private static readonly string[] s_directories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private static readonly Lazy<UserIds?> s_current = new(
        static () => Environment.IsPrivilegedProcess ? null : Read());

    private UserIds(IReadOnlyList<OciIdMapping> users, IReadOnlyList<OciIdMapping> groups, string? missing)
    {
        Users = users;
        Groups = groups;
        Missing = missing;
    }

    /// <summary>Those of the user this process runs as; null for root, whose containers have ranges of their own.
    /// </summary>
    public static UserIds? Current => s_current.Value;

    /// <summary>The user ids, as the user's own namespace has them.</summary>
    public IReadOnlyList<OciIdMapping> Users { get; }

    /// <summary>The group ids.</summary>
    public IReadOnlyList<OciIdMapping> Groups { get; }

    /// <summary>Why there is root alone, or null.</summary>
    public string? Missing { get; }

    /// <summary>Whether files can belong to others than root.</summary>
    public bool HasRange => Missing is null;

    /// <summary>
    /// What a container gets of them: within the user's namespace every id is itself. Ranges stay apart as they are
    /// there, because the kernel takes none that spans several of the namespace above.
    /// </summary>
    public static IReadOnlyList<OciIdMapping> Inside(IReadOnlyList<OciIdMapping> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<OciIdMapping> inside = [];
        foreach (OciIdMapping range in ids)
        {
            if (range.ContainerId >= IdRangeAllocator.Size) break;
            inside.Add(range with
            {
                HostId = range.ContainerId,
                Size = Math.Min(range.Size, IdRangeAllocator.Size - range.ContainerId),
            });
        }

        return inside;
    }

    /// <summary>The same without the user: what is root in a container of them is the first subordinate id.</summary>
    public static IReadOnlyList<OciIdMapping> WithoutUser(IReadOnlyList<OciIdMapping> ids) =>
        [.. Inside(ids).Where(static range => range.ContainerId > 0)
            .Select(static range => range with { ContainerId = range.ContainerId - 1 })];

    /// <summary>The maps as <c>psrun unshare</c> takes them.</summary>
    public static string Text(IReadOnlyList<OciIdMapping> ids) => string.Join(
        ',',
        ids.Select(range => string.Create(
            CultureInfo.InvariantCulture, $"{range.ContainerId}:{range.HostId}:{range.Size}")));

    /// <summary>A map that was written for the host, as it has to be within the user's namespace.</summary>
    public static IReadOnlyList<OciIdMapping>? Translate(
        IReadOnlyList<OciIdMapping>? mappings, IReadOnlyList<OciIdMapping> ids)
    {
        if (mappings is null) return null;
        List<OciIdMapping> inside = [];
        foreach (OciIdMapping map in mappings)
        {
            OciIdMapping range = ids.FirstOrDefault(
                    range => map.HostId >= range.HostId && map.HostId - range.HostId < range.Size)
                ?? throw UserIdsFailure.DescribeMap(map.HostId);
            inside.Add(map with { HostId = range.ContainerId + (map.HostId - range.HostId) });
        }

        return inside;
    }

    /// <summary>The container's id of a host id, or null where it has none.</summary>
    public long? ToContainer(long hostUser)
    {
        foreach (OciIdMapping range in Users)
        {
            if (hostUser >= range.HostId && hostUser - range.HostId < range.Size)
                return range.ContainerId + (hostUser - range.HostId);
        }

        return null;
    }

    internal static UserIds Parse(string user, uint uid, uint gid, string users, string groups, bool hasPrograms)
    {
        List<OciIdMapping> uids = Ranges(user, uid, users);
        List<OciIdMapping> gids = Ranges(user, uid, groups);
        string? missing = !hasPrograms
            ? "newuidmap and newgidmap are not installed (Debian: apt-get install uidmap)"
            : uids.Count == 0 ? $"/etc/subuid has no ids for the user '{user}'"
            : gids.Count == 0 ? $"/etc/subgid has no ids for the user '{user}'" : null;
        OciIdMapping ownUser = new() { ContainerId = 0, HostId = uid, Size = 1 };
        OciIdMapping ownGroup = new() { ContainerId = 0, HostId = gid, Size = 1 };
        return missing is null
            ? new UserIds([ownUser, .. uids], [ownGroup, .. gids], null)
            : new UserIds([ownUser], [ownGroup], missing);
    }

    private static UserIds Read() => Parse(
        Environment.UserName,
        CurrentUser.Uid,
        CurrentUser.Gid,
        SubordinateIds.Content("/etc/subuid"),
        SubordinateIds.Content("/etc/subgid"),
        HasProgram("newuidmap") && HasProgram("newgidmap"));

    // A line names the user or the user's id (subuid(5)).
    private static List<OciIdMapping> Ranges(string user, uint uid, string content)
    {
        string number = uid.ToString(CultureInfo.InvariantCulture);
        List<OciIdMapping> ranges = [];
        uint next = 1;
        foreach ((string name, ulong start, ulong end) in SubordinateIds.Lines(content))
        {
            if ((name != user && name != number) || end <= start || ranges.Count == MaximumRanges) continue;
            uint size = (uint)Math.Min(end - start, uint.MaxValue - next);
            ranges.Add(new OciIdMapping { ContainerId = next, HostId = (uint)start, Size = size });
            next += size;
        }

        return ranges;
    }

    private static bool HasProgram(string name) =>
        s_directories.Any(directory => File.Exists(Path.Combine(directory, name)));
}
