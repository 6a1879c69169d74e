using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Store;
using Container.Native.Json;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Security;

namespace Container.Engine.Containers.Specs;

/// <summary>Capabilities, the system-call filter, and what of /proc and /sys is covered.</summary>
internal static class SpecSecurity
{
    private const string All = "ALL";

    // Larger than any profile; a file beyond it is a mistake or an attack.
    private const int MaximumProfile = 4 * 1024 * 1024;

    public static CapabilitySet Capabilities(ContainerConfiguration configuration)
    {
        CapabilitySet start = configuration.Privileged ? CapabilitySet.Supported : CapabilitySet.Default;
        CapabilitySet drop = Parse(configuration.CapabilityDrop);
        CapabilitySet add = Parse(configuration.CapabilityAdd);

        // ALL gives way to names: "add ALL, drop NET_RAW" and "drop ALL, add CHOWN" mean what they say.
        return Contains(configuration.CapabilityAdd, All) ? (start | add) - drop : (start - drop) | add;
    }

    /// <summary>Those that somebody asked for, which a user other than root has too. The ALL of a preset asks for none:
    /// contained.c and Crabcan leave another user without.</summary>
    public static CapabilitySet Asked(ContainerConfiguration configuration) =>
        PresetSeccomp.TryCreate(configuration.SeccompProfile) is null
            ? Parse(configuration.CapabilityAdd) & Capabilities(configuration)
            : CapabilitySet.Parse([]);

    /// <summary>
    /// The five sets. A user other than root has the bounding set, as execve(2) would leave it, and of that what was
    /// asked for, which takes the ambient set to survive execve(2), as podman does. Inheritable is empty otherwise
    /// (CVE-2022-24769 and its kin).
    /// </summary>
    public static OciCapabilities Sets(CapabilitySet capabilities, CapabilitySet asked, uint uid)
    {
        IReadOnlyList<string> raised = uid == 0 ? [] : (asked & capabilities).Names;
        IReadOnlyList<string> held = uid == 0 ? capabilities.Names : raised;
        return new OciCapabilities
        {
            Bounding = capabilities.Names, Effective = held, Permitted = held, Inheritable = raised, Ambient = raised,
        };
    }

    public static OciSeccomp? Seccomp(ContainerConfiguration configuration)
    {
        string? profile = configuration.SeccompProfile;
        if (string.Equals(profile, "unconfined", StringComparison.OrdinalIgnoreCase)) return null;
        if (profile is null)
        {
            return configuration.Privileged
                ? null
                : DefaultSeccompProfile.Create(Capabilities(configuration), nesting: configuration.Nesting);
        }

        if (PresetSeccomp.TryCreate(profile) is { } preset) return preset;
        if (Path.IsPathFullyQualified(profile))
        {
            // What was judged is what is read, and what is not there now may be somebody's later.
            profile = Path.GetFullPath(profile);
            if (!HostTrust.Exists(profile)) throw EngineException.Invalid($"There is no seccomp profile '{profile}'.", profile);
        }

        try
        {
            return OciDocument.ReadSeccomp(BoundedFile.Read(profile, MaximumProfile));
        }
        catch (DocumentException exception)
        {
            throw new EngineException(
                ErrorId.SpecInvalid,
                $"The seccomp profile '{profile}' cannot be used: {exception.Message}.",
                "Use the form of the OCI runtime specification, linux.seccomp.",
                profile,
                exception);
        }
    }

    public static IReadOnlyList<string> MaskedPaths(ContainerConfiguration configuration) =>
        [.. Remaining(configuration, DefaultPaths.Masked), .. configuration.MaskPath?.Select(CheckPath) ?? []];

    public static IReadOnlyList<string> ReadOnlyPaths(ContainerConfiguration configuration) =>
        Remaining(configuration, DefaultPaths.ReadOnly);

    private static IReadOnlyList<string> Remaining(ContainerConfiguration configuration, IReadOnlyList<string> paths)
    {
        if (configuration.Privileged || Contains(configuration.UnmaskPath, All)) return [];
        HashSet<string> open = [.. configuration.UnmaskPath?.Select(CheckPath) ?? []];

        // The kernel mounts a proc in a further user namespace only where one is seen whole (mount_too_revealing).
        return [.. paths.Where(path => !open.Contains(path) && !(configuration.Nesting && IsOfProc(path)))];
    }

    /// <summary>Refuses sandboxes inside for who owns the host's files: /proc/sys would be his to write.</summary>
    public static void RequireUserNamespace(SpecInput input)
    {
        if (!input.Configuration.Nesting) return;
        bool mapsRoot = input.UserIds is null && CurrentUser.IsRootOfHost
            && SpecIdMaps.Users(input)?.Any(static map => map.HostId == 0) == true;
        if (input.HasUserNamespace && !mapsRoot) return;
        throw EngineException.Invalid(
            "-Nesting needs a user namespace of the container's own.", input.Configuration.UserNamespace,
            "Leave -UserNamespace out.");
    }

    private static bool IsOfProc(string path) => path.StartsWith("/proc/", StringComparison.Ordinal);

    private static string CheckPath(string path) =>
        path is ['/', ..] && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw EngineException.Invalid($"'{path}' is not an absolute path.", path);

    private static bool Contains(IReadOnlyList<string>? names, string name) =>
        names?.Contains(name, StringComparer.OrdinalIgnoreCase) ?? false;

    private static CapabilitySet Parse(IReadOnlyList<string>? names)
    {
        try
        {
            return CapabilitySet.Parse(names ?? []);
        }
        catch (FormatException exception)
        {
            throw EngineException.Invalid(exception.Message + ".", names);
        }
    }
}
