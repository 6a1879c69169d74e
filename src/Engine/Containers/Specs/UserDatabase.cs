using System.Globalization;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The users and groups of an image: its /etc/passwd and /etc/group, whatever the image made of them. Lines that are
/// not what passwd(5) and group(5) say are passed over.
/// </summary>
internal sealed class UserDatabase(Func<string, string?> readFile)
{
    // Linux gives a process no more groups than this (NGROUPS_MAX, credentials(7)).
    private const int MaximumGroups = 65536;

    private List<string[]>? users;
    private List<string[]>? groups;

    private List<string[]> Users => users ??= Read("/etc/passwd", 7);

    private List<string[]> Groups => groups ??= Read("/etc/group", 4);

    public ResolvedUser Resolve(UserRequest request, IReadOnlyList<string>? supplementary)
    {
        string[]? entry = FindUser(request);
        if (entry is null && request.Uid is null)
            throw UserRequest.Invalid(request.User, "the image has no user of that name");

        uint uid = request.Uid ?? Id(entry![2])!.Value;
        uint gid = request.Group is null ? Id(entry?[3]) ?? 0 : FindGroup(request.Group, request.Gid);
        SortedSet<uint> all = [gid];

        // A group that the user names stands alone; otherwise the image's memberships count (docker, runc).
        if (request.Group is null && entry is not null)
        {
            foreach (string[] group in Groups)
            {
                if (group[3].Split(',').Contains(entry[0]) && Id(group[2]) is uint member) all.Add(member);
            }
        }

        foreach (string name in supplementary ?? [])
        {
            if (name.Length == 0) throw UserRequest.Invalid(name, "a group has no name");
            all.Add(FindGroup(name, UserRequest.Number(name, name)));
        }

        if (all.Count > MaximumGroups) throw UserRequest.Invalid(request.User, "it is in too many groups");
        return new ResolvedUser(uid, gid, [.. all]);
    }

    private string[]? FindUser(UserRequest request) => request.Uid is uint uid
        ? Users.Find(entry => Id(entry[2]) == uid)
        : Users.Find(entry => entry[0] == request.User && Id(entry[2]) is not null);

    private uint FindGroup(string name, uint? number)
    {
        if (number is uint gid) return gid;
        string[]? entry = Groups.Find(group => group[0] == name && Id(group[2]) is not null);
        return Id(entry?[2]) ?? throw UserRequest.Invalid(name, "the image has no group of that name");
    }

    private List<string[]> Read(string path, int fields)
    {
        List<string[]> entries = [];
        foreach (string line in (readFile(path) ?? "").Split('\n'))
        {
            string[] entry = line.Split(':');
            if (entry.Length >= fields && entry[0].Length > 0) entries.Add(entry);
        }

        return entries;
    }

    private static uint? Id(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id <= int.MaxValue
            ? id
            : null;
}
