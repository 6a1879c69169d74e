using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Engine.Containers.Specs;

/// <summary>Device nodes and who may use them. The nodes every container has are the runtime's business.</summary>
internal static class SpecDevices
{
    // Character devices of every container: null, zero, full, random, urandom, tty, console, ptmx and the terminals.
    private static readonly (long Major, long? Minor)[] Usual =
    [
        (1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, null),
    ];

    /// <summary>Nodes to make, which takes root. They are the container's user's: the groups that own the host's are no
    /// groups of the container, and what was given to it is for it to use.</summary>
    public static IReadOnlyList<OciDevice>? Nodes(SpecInput input, OciUser user) =>
        input.Configuration.Device is { Count: > 0 } devices && input.UserIds is null
            ? [.. devices.Select(text => Parse(text).Device with { Uid = user.Uid, Gid = user.Gid })]
            : null;

    /// <summary>An ordinary user can make none (mknod(2)): the host's are bound, and who may use them stays as it is.
    /// </summary>
    public static IEnumerable<OciMount> Mounts(SpecInput input)
    {
        if (input.UserIds is null) yield break;
        foreach (string text in input.Configuration.Device ?? [])
        {
            (OciDevice device, _) = Parse(text);
            yield return SpecMounts.Mount(
                device.Path, "bind", text.Split(':')[0], "bind", "rprivate", "nosuid", "noexec");
        }
    }

    public static IReadOnlyList<OciDeviceCgroup> Rules(ContainerConfiguration configuration)
    {
        if (configuration.Privileged) return [new OciDeviceCgroup { Allow = true, Access = "rwm" }];
        List<OciDeviceCgroup> rules =
        [
            new() { Allow = false, Access = "rwm" },

            // Making a node is harmless: using it is what counts, and needs a rule.
            new() { Allow = true, Type = "c", Access = "m" },
            new() { Allow = true, Type = "b", Access = "m" },
            .. Usual.Select(node => new OciDeviceCgroup
            {
                Allow = true, Type = "c", Major = node.Major, Minor = node.Minor, Access = "rwm",
            }),
        ];
        foreach (string text in configuration.Device ?? [])
        {
            (OciDevice device, string access) = Parse(text);
            rules.Add(new OciDeviceCgroup
            {
                Allow = true, Type = device.Type, Major = device.Major, Minor = device.Minor, Access = access,
            });
        }

        return rules;
    }

    /// <summary>The block device at a host path.</summary>
    public static (uint Major, uint Minor) BlockDevice(string path)
    {
        FileMetadata node = Read(path);
        return node.Kind == FileKind.BlockDevice
            ? (node.MajorNumber, node.MinorNumber)
            : throw EngineException.Invalid($"'{path}' is not a block device.", path);
    }

    private static (OciDevice Device, string Access) Parse(string text)
    {
        string[] parts = text.Split(':');
        string access = parts.Length > 1 && IsAccess(parts[^1]) ? parts[^1] : "rwm";
        if (parts.Length > 1 && IsAccess(parts[^1])) parts = parts[..^1];
        string target = parts[^1];
        if (parts.Length > 2 || parts[0] is not ['/', ..] || target is not ['/', ..])
            throw EngineException.Invalid($"'{text}' is no device: use HOST, HOST:INSIDE or HOST:INSIDE:rwm.", text);

        FileMetadata node = Read(parts[0]);
        string? type = node.Kind switch
        {
            FileKind.CharacterDevice => "c",
            FileKind.BlockDevice => "b",
            _ => null,
        };
        if (type is null) throw EngineException.Invalid($"'{parts[0]}' is not a device.", text);
        OciDevice device = new()
        {
            Path = target,
            Type = type,
            Major = node.MajorNumber,
            Minor = node.MinorNumber,
            FileMode = node.Mode & 0x1FF,
        };
        return (device, access);
    }

    private static FileMetadata Read(string path)
    {
        try
        {
            using RootDirectory root = RootDirectory.Open("/");
            return root.GetTargetMetadata(path);
        }
        catch (SystemCallException exception)
        {
            throw EngineException.Invalid($"The device '{path}' cannot be used: {exception.Message}.", path);
        }
    }

    private static bool IsAccess(string text) =>
        text.Length is > 0 and <= 3 && text.All(letter => letter is 'r' or 'w' or 'm');
}
