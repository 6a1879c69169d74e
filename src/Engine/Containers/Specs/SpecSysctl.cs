using System.Buffers;
using System.Globalization;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// Kernel parameters: only those of a namespace the container has for itself, only keys and values made of harmless
/// characters (CVE-2022-0811 hid a second parameter behind a plus sign).
/// </summary>
internal static class SpecSysctl
{
    private const string PingGroups = "net.ipv4.ping_group_range";

    private static readonly Dictionary<string, string> s_none = [];
    private static readonly OciIdMapping[] s_host = [new OciIdMapping { Size = uint.MaxValue }];

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,:/ \t");

    private static readonly string[] IpcKeys =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ];

    // What the kernel counts for each user, all of whose containers share it (namespaces(7), /proc/sys/user). The
    // namespaces of other kinds take rights that no container has of itself.
    private static readonly string[] Counted =
        ["user.max_inotify_instances", "user.max_inotify_watches", "user.max_user_namespaces"];

    public static IReadOnlyDictionary<string, string>? Build(SpecInput input)
    {
        Dictionary<string, string> all = new(Limits(input), StringComparer.Ordinal);
        foreach ((string key, string value) in input.Configuration.Sysctl ?? s_none)
        {
            Check(input.Configuration, key, value);
            all[key] = value;
        }

        if (HasPing(input)) all.TryAdd(PingGroups, Groups(input));
        return all.Count > 0 ? all : null;
    }

    // Echo requests need no raw socket, and so no capability, where the kernel lets the group have them (icmp(7)).
    // Parameters are written through a procfs of the container's own.
    private static bool HasPing(SpecInput input) => SpecInput.IsPrivate(input.Configuration.NetworkNamespace)
        && (input.IsOwn(input.Configuration.PidNamespace) || !input.HasUserNamespace)
        && File.Exists("/proc/sys/net/ipv4/ping_group_range");

    // The first group to the last; the kernel wants the host's ids of the two in that order as well.
    private static string Groups(SpecInput input)
    {
        OciIdMapping[] maps = [.. (SpecIdMaps.Groups(input) ?? input.UserIds?.Groups ?? s_host).OrderBy(map => map.ContainerId)];
        OciIdMapping last = maps.Last(map => map.HostId >= maps[0].HostId);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{maps[0].ContainerId} {Math.Min(last.ContainerId + last.Size - 1, int.MaxValue)}");
    }

    // Root's containers count for an id of their own, an ordinary user's for the user: there one must not take all.
    private static IEnumerable<KeyValuePair<string, string>> Limits(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        if (!SpecInput.IsPrivate(configuration.UserNamespace) || !SpecInput.IsPrivate(configuration.PidNamespace))
            yield break;
        foreach (string key in Counted)
        {
            string path = "/proc/sys/" + key.Replace('.', '/');
            if (!File.Exists(path) || !long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out long most))
                continue;
            long limit = input.UserIds is null ? most : Math.Max(1, most / 2);
            yield return new(key, limit.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Check(ContainerConfiguration configuration, string key, string value)
    {
        if (key.Length == 0 || key.AsSpan().IndexOfAnyExcept(KeyCharacters) >= 0
            || key.Split('.').Any(part => part.Length == 0))
            throw EngineException.Invalid($"'{key}' is no name of a kernel parameter.", key);
        if (value.AsSpan().IndexOfAnyExcept(ValueCharacters) >= 0)
            throw EngineException.Invalid($"'{value}' is no value of the kernel parameter '{key}'.", value);

        bool ipc = IpcKeys.Contains(key) || key.StartsWith("fs.mqueue.", StringComparison.Ordinal);
        bool network = key.StartsWith("net.", StringComparison.Ordinal);
        bool uts = key is "kernel.domainname" or "kernel.hostname";
        bool user = key.StartsWith("user.", StringComparison.Ordinal);
        if (!ipc && !network && !uts && !user)
            throw EngineException.Invalid($"The kernel parameter '{key}' is the whole host's.", key);

        NamespaceMode? mode = ipc ? configuration.IpcNamespace : user ? configuration.UserNamespace
            : network ? configuration.NetworkNamespace : configuration.UtsNamespace;
        if (mode is { Kind: NamespaceKind.Host })
            throw EngineException.Invalid($"The kernel parameter '{key}' needs a namespace of the container's own.", key);
        if (key == "kernel.hostname") throw EngineException.Invalid("The host name has a parameter of its own.", key);
    }
}
