using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.State;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// What systemd as first process asks of who runs it (systemd.io/CONTAINER_INTERFACE): writable cgroups of its own, tmpfs
/// where it keeps what ends with it, <c>container</c> in its environment, a console, and another signal to stop.
/// </summary>
internal static class SystemContainer
{
    /// <summary>Who writes to the console is read in the log: without colours.</summary>
    public const string Terminal = "dumb";

    private const string Program = "systemd";
    private static readonly string[] Inits = ["/sbin/init", "/usr/sbin/init", "/usr/local/sbin/init"];

    // As podman has them. What the image has there is copied: packages put directories and links into /run. Together they take
    // no more than half of the host's memory, which the container's limit may lower.
    private static readonly (string Target, string Size)[] Targets =
        [("/run", "size=20%"), ("/run/lock", "size=5m"), ("/tmp", "size=20%"), ("/var/log/journal", "size=9%")];

    // journald writes what it takes also to the console, and so into the log.
    private const string Journal = "journald.conf";
    private const string JournalText = "[Journal]\nForwardToConsole=yes\n";

    public static bool Is(ContainerConfiguration configuration, ImageDefaults image) => configuration.Systemd switch
    {
        ContainerSystemd.Off => false,
        ContainerSystemd.Always => true,
        _ => Obstacle(configuration) is null
            && SpecProcess.Words(configuration, image) is [var program, ..] && IsInit(program),
    };

    /// <summary>The configuration with what such a container has beside its mounts: a console and its signal.</summary>
    public static ContainerConfiguration Complete(ContainerConfiguration configuration, ImageDefaults image)
    {
        if (!Is(configuration, image)) return configuration;
        if (Obstacle(configuration) is { } obstacle)
        {
            throw EngineException.Invalid(
                $"A system container cannot be had with {obstacle}.", obstacle, "Leave one of both out.");
        }

        return configuration with
        {
            // Its messages go to /dev/console, and nowhere where that is no terminal.
            Tty = true,
            StopSignal = configuration.StopSignal ?? image.StopSignal ?? "RTMIN+3",
        };
    }

    public static void AddVariables(VariableList variables, SpecInput input)
    {
        if (!input.IsSystem) return;
        variables.Set("container", "pscontainer");

        // Its machine id, where the image has none.
        variables.Set("container_uuid", input.Id[..Math.Min(input.Id.Length, 32)]);
    }

    /// <summary>The mounts; none on what is mounted already or will be by the user.</summary>
    public static IEnumerable<OciMount> Mounts(SpecInput input, IEnumerable<OciMount> made)
    {
        if (!input.IsSystem) return [];
        HashSet<string> taken =
        [
            .. made.Select(mount => mount.Destination),
            .. (input.Configuration.Mount ?? []).Select(mount => mount.Target.TrimEnd('/')),
        ];
        IEnumerable<OciMount> mounts = Targets.Where(place => !taken.Contains(place.Target))
            .Select(place => SpecMounts.Mount(place.Target, "tmpfs", "tmpfs", "nosuid", "nodev", "tmpcopyup", place.Size));
        return HasJournalFile(input)
            ? mounts.Append(SpecHostFiles.Mount(input, Journal, "/run/systemd/journald.conf.d/pscontainer.conf"))
            : mounts;
    }

    /// <summary>The files that are made in the container's directory for it.</summary>
    public static IEnumerable<(string Name, string Content)> Files(SpecInput input) =>
        HasJournalFile(input) ? [(Journal, JournalText)] : [];

    /// <summary>
    /// The v1 hierarchies that limit it: their files belong to the container's root where it has no user namespace.
    /// </summary>
    public static IEnumerable<string> ReadOnlyPaths(SpecInput input) => input.IsSystem
        ? CgroupHost.Current.Hierarchies.Where(hierarchy => !hierarchy.IsNamed)
            .Select(hierarchy => $"/sys/fs/cgroup/{Path.GetFileName(hierarchy.MountPoint)}")
        : [];

    // A file for /run is none for what the user mounts there.
    private static bool HasJournalFile(SpecInput input) => input is { IsSystem: true, Configuration.NoHostsFile: false }
        && input.Configuration.Mount?.Any(mount => mount.Target.TrimEnd('/') == "/run") != true;

    private static bool IsInit(string program) =>
        Inits.Contains(program) || program[(program.LastIndexOf('/') + 1)..] == Program;

    // It has to be the first process, over cgroups of which it sees no more than its own. Of cgroup v2 those that are mounted
    // writable have the files of its limits in them.
    private static string? Obstacle(ContainerConfiguration configuration) =>
        configuration.Init ? "-Init"
        : !SpecInput.IsPrivate(configuration.PidNamespace) ? "-PidNamespace"
        : !SpecInput.IsPrivate(configuration.CgroupNamespace) ? "-CgroupNamespace"
        : OwnsLimits(configuration) && !CgroupHost.Current.KeepsLimits
            ? "-UserNamespace Host, or a -UidMap with the host's 0, where control groups are mounted without nsdelegate"
        : null;

    // Its root is who made them: root of the host, or the user. With -Privileged it may do so anyway.
    private static bool OwnsLimits(ContainerConfiguration configuration) => !configuration.Privileged
        && (configuration.UserNamespace is { Kind: NamespaceKind.Host } || UserIds.Current is not null
            || configuration.UidMap?.Any(static map => map.Split(':') is [_, "0", ..]) == true);
}
