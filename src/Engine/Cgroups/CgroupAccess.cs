using System.Globalization;
using Container.Engine.Errors;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Namespaces;
using Container.Native.Syscalls;

namespace Container.Engine.Cgroups;

/// <summary>
/// The control groups an ordinary user may make, or root of a container. On a v2 host they go below the topmost group of this process that is
/// the user's: what systemd delegates to a user's manager, or somebody gave away by hand (cgroups(7), "Delegation"). Of
/// version 1 hierarchies the user has those where root made a directory pscontainer-UID and gave it away.
/// </summary>
internal sealed class CgroupAccess
{
    private static readonly Lazy<CgroupAccess?> s_current = new(
        static () => CurrentUser.IsRootOfHost ? null : Read());

    private readonly HashSet<string> controllers;

    private CgroupAccess(string parent, HashSet<string> controllers)
    {
        Parent = parent;
        this.controllers = controllers;
    }

    /// <summary>Those of the user this process runs as; null for root of the host.</summary>
    public static CgroupAccess? Current => s_current.Value;

    /// <summary>The group that the containers' are made in.</summary>
    public string Parent { get; }

    /// <summary>What containers can be limited by.</summary>
    public IReadOnlyCollection<string> Controllers => controllers;

    /// <summary>Whether containers can be limited by a controller.</summary>
    public static bool CanLimit(string controller) => Current is not { } access || access.controllers.Contains(controller);

    /// <summary>Refuses a limit that could not be set.</summary>
    public static void Require(string controller, string limit)
    {
        if (CanLimit(controller)) return;
        throw new EngineException(
            ErrorId.CgroupNotDelegated,
            $"A limit of {limit} needs the controller {controller} of a control group that this user may not make.",
            CgroupHost.Mode == "v2"
                ? "Start PowerShell with 'systemd-run --user --scope --property=Delegate=yes pwsh', or run as root."
                : $"Have root make the directory {Current!.Parent.TrimStart('/')} in the hierarchy and give it to the "
                    + "user, or run as root.",
            limit);
    }

    private static CgroupAccess Read()
    {
        string uid = CurrentUser.Uid.ToString(CultureInfo.InvariantCulture);
        CgroupHost host = CgroupHost.Current;
        return host.Layout == CgroupLayout.Unified && host.UnifiedMount is { } mount
            ? Delegated(mount, OwnPath()) ?? new CgroupAccess("/pscontainer-" + uid, [])
            : new CgroupAccess("/pscontainer-" + uid, Legacy(host, "pscontainer-" + uid));
    }

    internal static CgroupAccess? Delegated(string mount, string own)
    {
        string? top = null;
        for (string path = own; path.Length > 1; path = Path.GetDirectoryName(path) ?? "/")
        {
            string directory = mount + path;
            if (!Access.CanWrite(directory) || !Access.CanWrite(directory + "/cgroup.procs")) break;
            top = path;
        }

        if (top is null) return null;

        // One with processes hands no more controllers on than it does already.
        string place = mount + top;
        bool isFree = Words(place + "/cgroup.procs").Length == 0 && Access.CanWrite(place + "/cgroup.subtree_control");
        return new CgroupAccess(
            top + "/pscontainer", [.. Words(place + (isFree ? "/cgroup.controllers" : "/cgroup.subtree_control"))]);
    }

    private static HashSet<string> Legacy(CgroupHost host, string name) =>
    [
        .. host.Hierarchies.Where(hierarchy => Access.CanWrite(Path.Combine(hierarchy.MountPoint, name)))
            .SelectMany(hierarchy => hierarchy.Controllers).Select(Modern),
    ];

    private static string Modern(string controller) => controller == "blkio" ? "io" : controller;

    private static string OwnPath() => File.ReadLines("/proc/self/cgroup")
        .Where(line => line.StartsWith("0::/", StringComparison.Ordinal)).Select(line => line[3..]).FirstOrDefault("/");

    private static string[] Words(string file) =>
        File.Exists(file) ? File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
}
