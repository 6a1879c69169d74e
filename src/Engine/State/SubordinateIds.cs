using System.Globalization;
using Container.Engine.Store;
using Container.Native.Processes;

namespace Container.Engine.State;

/// <summary>
/// The host ids containers may have: those /etc/subuid and /etc/subgid both give the user "containers", else the ones
/// from 0x10000000 to 0x6FFFFFFF that these files give nobody else; never those of an account, which could kill the container.
/// </summary>
internal sealed class SubordinateIds
{
    private const string User = "containers";
    private const uint Step = 4096;
    private const ulong First = 0x10000000;
    private const ulong End = 0x70000000;

    private readonly List<(ulong Start, ulong End)> own = [];
    private readonly List<(ulong Start, ulong End)> foreign = [];
    private readonly Func<uint, bool> isAccount;

    private SubordinateIds(string users, string groups, IEnumerable<uint> accounts, Func<uint, bool> isAccount)
    {
        this.isAccount = isAccount;
        List<(string Name, ulong Start, ulong End)> uids = Lines(users);
        List<(string Name, ulong Start, ulong End)> gids = Lines(groups);
        foreach ((string name, ulong start, ulong end) in uids)
        {
            if (name == User && gids.Contains((name, start, end))) own.Add((start, end));
        }

        if (own.Count == 0) own.Add((First, End));
        foreach ((string name, ulong start, ulong end) in uids.Concat(gids))
        {
            if (name != User) foreign.Add((start, end));
        }

        foreach (uint id in accounts) foreign.Add((id, (ulong)id + 1));
    }

    /// <summary>How many ranges there are.</summary>
    public uint RangeCount => (uint)own.Sum(span => (long)((span.End - span.Start) / IdRangeAllocator.Size));

    /// <summary>The first id of a range.</summary>
    public uint GetRange(uint index)
    {
        foreach ((ulong start, ulong end) in own)
        {
            uint count = (uint)((end - start) / IdRangeAllocator.Size);
            if (index < count) return (uint)(start + ((ulong)index * IdRangeAllocator.Size));
            index -= count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Whether some of the range is another user's, as far as can be known.</summary>
    public bool IsForeign(uint start)
    {
        if (foreign.Exists(span => start < span.End && (ulong)start + IdRangeAllocator.Size > span.Start)) return true;

        // A directory service lists nobody, and to ask it for each id would take minutes. It gives its ids one after the
        // other, so some are asked for.
        for (uint id = start; id - start < IdRangeAllocator.Size; id += Step)
        {
            if (isAccount(id)) return true;
        }

        return false;
    }

    public static SubordinateIds Read() => new(
        Content("/etc/subuid"), Content("/etc/subgid"),
        Accounts(Content("/etc/passwd")).Concat(Accounts(Content("/etc/group"))).Concat(LoggedIn()),
        static id => AccountDatabase.HasUser(id) || AccountDatabase.HasGroup(id));

    public static SubordinateIds Parse(
        string users, string groups, string accounts = "", Func<uint, bool>? isAccount = null) =>
        new(users, groups, Accounts(accounts), isAccount ?? (static _ => false));

    // name:password:id:…, of users and of groups: passwd(5), group(5)
    private static IEnumerable<uint> Accounts(string content) => content.Split('\n')
        .Select(static line => line.Split(':')).Where(static fields => fields.Length > 2)
        .Select(static fields => Number(fields[2])).OfType<uint>();

    // Of a service's accounts at least those who are here now.
    private static IEnumerable<uint> LoggedIn() => DirectoryListing.Directories("/run/user")
        .Select(static directory => Number(Path.GetFileName(directory))).OfType<uint>();

    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

    internal static string Content(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    internal static List<(string Name, ulong Start, ulong End)> Lines(string content)
    {
        List<(string Name, ulong Start, ulong End)> lines = [];
        foreach (string line in content.Split('\n'))
        {
            string[] fields = line.Trim().Split(':');
            if (fields.Length == 3
                && uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint start)
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
            {
                // The last id, 2^32 - 1, means "none" to the kernel.
                lines.Add((fields[0], start, Math.Min((ulong)start + count, uint.MaxValue)));
            }
        }

        return lines;
    }
}
