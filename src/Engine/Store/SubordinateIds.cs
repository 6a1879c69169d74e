using System.Globalization;

namespace Container.Engine.Store;

/// <summary>
/// The host ids containers may have: those /etc/subuid and /etc/subgid both give the user "containers", else the ones
/// from 0x10000000 to 0x6FFFFFFF that these files give nobody else.
/// </summary>
internal sealed class SubordinateIds
{
    private const string User = "containers";
    private const ulong First = 0x10000000;
    private const ulong End = 0x70000000;

    private readonly List<(ulong Start, ulong End)> own = [];
    private readonly List<(ulong Start, ulong End)> foreign = [];

    private SubordinateIds(string users, string groups)
    {
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

    /// <summary>Whether some of the range is another user's.</summary>
    public bool IsForeign(uint start) =>
        foreign.Exists(span => start < span.End && (ulong)start + IdRangeAllocator.Size > span.Start);

    public static SubordinateIds Read() => Parse(Content("/etc/subuid"), Content("/etc/subgid"));

    public static SubordinateIds Parse(string users, string groups) => new(users, groups);

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
