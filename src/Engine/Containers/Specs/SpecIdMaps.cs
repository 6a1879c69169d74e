using System.Globalization;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>The id maps of the container's user namespace (user_namespaces(7)).</summary>
internal static class SpecIdMaps
{
    // The kernel's limit, since 4.15.
    private const int MaximumLines = 340;

    public static IReadOnlyList<OciIdMapping>? Users(SpecInput input) =>
        Build(input, input.Configuration.UidMap, input.UserIds?.Users);

    public static IReadOnlyList<OciIdMapping>? Groups(SpecInput input) =>
        Build(input, input.Configuration.GidMap ?? input.Configuration.UidMap, input.UserIds?.Groups);

    /// <summary>
    /// Refuses ids that the user namespace does not have: the process would be nobody there, or could not start.
    /// </summary>
    public static void RequireMapped(
        ResolvedUser user, IReadOnlyList<OciIdMapping>? users, IReadOnlyList<OciIdMapping>? groups)
    {
        Require(user.Uid, users, "user");
        foreach (uint group in user.Groups)
        {
            Require(group, groups, "group");
        }
    }

    private static void Require(uint id, IReadOnlyList<OciIdMapping>? maps, string what)
    {
        if (maps is null || maps.Any(map => id >= map.ContainerId && id - map.ContainerId < map.Size)) return;
        throw UserRequest.Invalid(
            id.ToString(CultureInfo.InvariantCulture), $"the container's user namespace does not have this {what} id");
    }

    private static IReadOnlyList<OciIdMapping>? Build(
        SpecInput input, IReadOnlyList<string>? lines, IReadOnlyList<OciIdMapping>? own)
    {
        if (!input.HasUserNamespace)
        {
            return lines is { Count: > 0 }
                ? throw EngineException.Invalid("Id maps need a user namespace of the container's own.", lines[0])
                : null;
        }

        if (lines is { Count: > 0 } && own is not null)
        {
            throw EngineException.Invalid(
                "Only root may choose the ids of a container: the files of images have those of the user's own range.",
                lines[0], "Leave -UidMap and -GidMap out, or run as root.");
        }

        if (lines is { Count: > 0 }) return Parse(lines);
        if (own is not null) return input.HostRoot.Count > 0 ? UserIds.WithoutUser(own) : UserIds.Inside(own);
        return input.IdRangeStart is uint start
            ? [new OciIdMapping { ContainerId = 0, HostId = start, Size = ContainerDefaults.IdRangeLength }]
            : null;
    }

    private static List<OciIdMapping> Parse(IReadOnlyList<string> lines)
    {
        if (lines.Count > MaximumLines)
            throw EngineException.Invalid(
                $"An id map has {lines.Count} lines; the kernel takes {MaximumLines}.", lines.Count);
        List<OciIdMapping> maps = [];
        foreach (string line in lines)
        {
            string[] parts = line.Split(':');
            if (parts.Length != 3 || !Number(parts[0], out uint inside) || !Number(parts[1], out uint host)
                || !Number(parts[2], out uint size) || size == 0
                || (ulong)inside + size > uint.MaxValue || (ulong)host + size > uint.MaxValue)
                throw EngineException.Invalid($"'{line}' is no id map: use INSIDE:HOST:COUNT.", line);
            OciIdMapping map = new() { ContainerId = inside, HostId = host, Size = size };
            if (maps.Exists(other => Overlap(other.ContainerId, other.Size, inside, size)
                || Overlap(other.HostId, other.Size, host, size)))
                throw EngineException.Invalid($"The id map '{line}' overlaps one before it.", line);
            maps.Add(map);
        }

        return maps;
    }

    private static bool Overlap(ulong left, ulong leftSize, ulong right, ulong rightSize) =>
        left < right + rightSize && right < left + leftSize;

    private static bool Number(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
