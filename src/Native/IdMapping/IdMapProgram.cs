using System.Globalization;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Programs;
using Container.Native.Syscalls;

namespace Container.Native.IdMapping;

/// <summary>
/// newuidmap(1) and newgidmap(1): they write the map of a user namespace for an ordinary user, as far as /etc/subuid
/// and /etc/subgid give the ids to the user.
/// </summary>
internal static class IdMapProgram
{
    private const int Seconds = 30;

    // They are set-user-ID: nobody's PATH decides what they are.
    private const string SearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Has the user ids mapped.</summary>
    public static void MapUsers(int pid, IReadOnlyList<OciIdMapping> uids) => Run("newuidmap", pid, uids);

    /// <summary>Has the group ids mapped.</summary>
    public static void MapGroups(int pid, IReadOnlyList<OciIdMapping> gids) => Run("newgidmap", pid, gids);

    private static void Run(string program, int pid, IReadOnlyList<OciIdMapping> mappings)
    {
        List<string> arguments = [program, Text((uint)pid)];
        for (int i = 0; i < mappings.Count; i++)
        {
            arguments.Add(Text(mappings[i].ContainerId));
            arguments.Add(Text(mappings[i].HostId));
            arguments.Add(Text(mappings[i].Size));
        }

        ProgramResult result;
        try
        {
            result = new HostProgram().Run(program, arguments, [SearchPath], [], Seconds);
        }
        catch (LaunchException failure)
        {
            throw new IdMapException(
                $"the ids of the user namespace cannot be mapped: {program}: {failure.Message}; an ordinary user needs "
                + "newuidmap and newgidmap (Debian: apt-get install uidmap)",
                failure.Errno,
                failure);
        }

        if (result.Status is { Code: 0 }) return;
        string reason = result.Output.Trim();
        throw new IdMapException(
            $"the ids of the user namespace cannot be mapped: {(reason.Length > 0 ? reason : $"{program} failed")}; "
            + "/etc/subuid and /etc/subgid say which ids a user has",
            Errno.EPERM);
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
