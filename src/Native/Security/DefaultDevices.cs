using Container.Native.Oci;

namespace Container.Native.Security;

/// <summary>
/// The device nodes every container has (runtime-spec, config-linux.md, "Default Devices"). They are harmless to share:
/// none keeps anything of the host.
/// </summary>
public static class DefaultDevices
{
    private const uint ReadWriteForAll = 0x1B6; // 0666

    /// <summary>The nodes. /dev/console and /dev/ptmx are missing: they come from the container's own devpts.</summary>
    public static IReadOnlyList<OciDevice> Nodes { get; } =
    [
        Character("/dev/null", 1, 3),
        Character("/dev/zero", 1, 5),
        Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9),
        Character("/dev/tty", 5, 0),
    ];

    /// <summary>Links in /dev that programs expect, and what they point to.</summary>
    public static IReadOnlyList<(string Path, string Target)> Links { get; } =
    [
        ("/dev/fd", "/proc/self/fd"),
        ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"),
        ("/dev/ptmx", "pts/ptmx"),
    ];

    private static OciDevice Character(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor, FileMode = ReadWriteForAll, Uid = 0, Gid = 0 };
}
