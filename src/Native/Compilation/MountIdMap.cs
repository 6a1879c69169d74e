using System.Globalization;
using Container.Native.Json;
using Container.Native.Mounts;
using Container.Native.Oci;

namespace Container.Native.Compilation;

/// <summary>
/// The ids a mount shows: uidMappings and gidMappings of the mount (runtime-spec, config.md, Mounts), or the text that
/// crun takes and podman passes on: <c>idmap=uids=0-1000-1#1-2000-1;gids=@0-0-10</c>, container id, host id and size,
/// where @ counts the host id from the container's own.
/// </summary>
internal static class MountIdMap
{
    /// <summary>The mapping of a mount, or nulls for that of the container's user namespace.</summary>
    public static (IReadOnlyList<OciIdMapping>? Uids, IReadOnlyList<OciIdMapping>? Gids) Read(
        OciMount mount, MountOptions options, OciLinux linux, int index)
    {
        if (mount.UidMappings is not null) return (mount.UidMappings, mount.GidMappings);
        if (options.IdMap is not { } text) return (null, null);

        IReadOnlyList<OciIdMapping>? uids = null;
        IReadOnlyList<OciIdMapping>? gids = null;
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("uids=", StringComparison.Ordinal)) uids = Parse(part[5..], linux.UidMappings);
            else if (part.StartsWith("gids=", StringComparison.Ordinal)) gids = Parse(part[5..], linux.GidMappings);
            else throw Wrong();
        }

        return uids is not null && gids is not null ? (uids, gids) : throw Wrong();

        DocumentException Wrong() => new(
            $"mounts[{index}].options", $"mounts[{index}].options: 'idmap={text}' is not 'idmap=uids=0-1-1;gids=0-1-1'");

        List<OciIdMapping> Parse(string list, IReadOnlyList<OciIdMapping>? container)
        {
            List<OciIdMapping> mappings = [];
            foreach (string entry in list.Split('#'))
            {
                bool relative = entry.StartsWith('@');
                string[] numbers = (relative ? entry[1..] : entry).Split('-');
                if (numbers.Length != 3 || !TryNumber(numbers[0], out uint inside)
                    || !TryNumber(numbers[1], out uint outside) || !TryNumber(numbers[2], out uint size))
                    throw Wrong();
                OciIdMapping mapping = new() { ContainerId = inside, HostId = outside, Size = size };
                mappings.Add(relative ? OnHost(mapping, container) ?? throw Wrong() : mapping);
            }

            return mappings;
        }
    }

    private static OciIdMapping? OnHost(OciIdMapping mapping, IReadOnlyList<OciIdMapping>? container)
    {
        foreach (OciIdMapping range in container ?? [])
        {
            if (mapping.HostId < range.ContainerId) continue;
            uint offset = mapping.HostId - range.ContainerId;
            if ((ulong)offset + mapping.Size <= range.Size) return mapping with { HostId = range.HostId + offset };
        }

        return null;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
