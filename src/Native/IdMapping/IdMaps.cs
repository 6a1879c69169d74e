using System.Globalization;
using System.Text;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.IdMapping;

/// <summary>
/// The ids of a user namespace, written by a process outside it: /proc/PID/uid_map, gid_map and setgroups
/// (user_namespaces(7)).
/// </summary>
internal static class IdMaps
{
    // The kernel takes at most this many lines (Linux 4.15), in one write of less than a page.
    private const int LineLimit = 340;

    /// <summary>Writes both maps of the process that was just made.</summary>
    public static void Write(
        int pid, IReadOnlyList<OciIdMapping>? uids, IReadOnlyList<OciIdMapping>? gids, bool privileged)
    {
        if (uids is not { Count: > 0 } || gids is not { Count: > 0 }) return;
        if (!privileged && !(IsOwn(uids, Users.geteuid()) && IsOwn(gids, Users.getegid())))
        {
            IdMapProgram.MapGroups(pid, gids);
            IdMapProgram.MapUsers(pid, uids);
            return;
        }

        using ProcFile proc = ProcFile.Open(pid);

        // Without CAP_SETGID the kernel takes a gid map only after groups cannot be dropped any more (CVE-2014-8989).
        if (!privileged) proc.Write("setgroups", "deny");
        proc.Write("gid_map", Format(gids));
        proc.Write("uid_map", Format(uids));
    }

    /// <summary>Whether some id becomes another: where none does, a mount shows the right owners without a map.</summary>
    public static bool Shifts(OciLinux? linux) => Shifts(linux?.UidMappings) || Shifts(linux?.GidMappings);

    /// <summary>The host's id for an id of the container.</summary>
    public static uint HostId(IReadOnlyList<OciIdMapping>? mappings, uint id)
    {
        for (int i = 0; mappings is not null && i < mappings.Count; i++)
        {
            OciIdMapping mapping = mappings[i];
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
                return mapping.HostId + (id - mapping.ContainerId);
        }

        return id;
    }

    /// <summary>The user ids of the user namespace that a process is in.</summary>
    public static List<OciIdMapping> ReadUsers(int pid)
    {
        const int Limit = 64 * 1024;

        string path = $"/proc/{pid}/uid_map";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        List<OciIdMapping> mappings = [];
        foreach (string line in Encoding.ASCII.GetString(FileCalls.ReadAll(file, Limit, path)).Split('\n'))
        {
            string[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length != 3) continue;
            mappings.Add(new OciIdMapping
            {
                ContainerId = uint.Parse(numbers[0], CultureInfo.InvariantCulture),
                HostId = uint.Parse(numbers[1], CultureInfo.InvariantCulture),
                Size = uint.Parse(numbers[2], CultureInfo.InvariantCulture),
            });
        }

        return mappings;
    }

    private static bool Shifts(IReadOnlyList<OciIdMapping>? mappings)
    {
        for (int i = 0; mappings is not null && i < mappings.Count; i++)
        {
            if (mappings[i].ContainerId != mappings[i].HostId) return true;
        }

        return false;
    }

    // What the kernel lets anybody map: their own id, and nothing else.
    private static bool IsOwn(IReadOnlyList<OciIdMapping> mappings, uint id) =>
        mappings.Count == 1 && mappings[0].Size == 1 && mappings[0].HostId == id;

    private static string Format(IReadOnlyList<OciIdMapping> mappings)
    {
        if (mappings.Count > LineLimit)
            throw new DocumentException("linux.uidMappings", $"{mappings.Count} id ranges are more than the {LineLimit} the kernel takes");

        StringBuilder text = new();
        foreach (OciIdMapping mapping in mappings)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return text.ToString();
    }
}
