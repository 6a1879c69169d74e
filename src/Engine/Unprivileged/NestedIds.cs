using System.Globalization;
using Container.Engine.Containers;
using Container.Engine.Containers.Specs;
using Container.Native.Processes;

namespace Container.Engine.Unprivileged;

/// <summary>
/// The ids that containers have which root of a container makes: those of his own user namespace, which has no ranges to
/// give away. All of his containers have the same, as an ordinary user's do.
/// </summary>
internal static class NestedIds
{
    private static readonly Lazy<string?> s_map = new(
        static () => Environment.IsPrivilegedProcess && !CurrentUser.IsRootOfHost
            ? Map(File.ReadAllText("/proc/self/uid_map"), File.ReadAllText("/proc/self/gid_map"))
            : null);

    /// <summary>The configuration with these ids, where root of the host would take a range.</summary>
    public static ContainerConfiguration Apply(ContainerConfiguration configuration) => s_map.Value is { } map
        && configuration.BundlePath is null && configuration.UidMap is not { Count: > 0 }
        && SpecInput.IsPrivate(configuration.UserNamespace)
            ? configuration with { UidMap = [map] }
            : configuration;

    /// <summary>As many as both maps have from 0 on.</summary>
    internal static string Map(string users, string groups) =>
        string.Create(CultureInfo.InvariantCulture, $"0:0:{Math.Min(Length(users), Length(groups))}");

    private static uint Length(string map)
    {
        ulong next = 0;
        foreach (string line in map.Split('\n'))
        {
            string[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length != 3 || ulong.Parse(numbers[0], CultureInfo.InvariantCulture) != next) break;
            next += ulong.Parse(numbers[2], CultureInfo.InvariantCulture);
        }

        return (uint)Math.Min(next, SpecIdMaps.RangeLength);
    }
}
