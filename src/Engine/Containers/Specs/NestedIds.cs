using System.Globalization;
using Container.Engine.Configuration;
using Container.Native.Namespaces;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// The ids that containers have which root of a container makes: those of his own user namespace, which has no ranges to
/// give away. All of his containers have the same, as an ordinary user's do.
/// </summary>
internal static class NestedIds
{
    private static readonly Lazy<uint?> s_count = new(
        static () => Environment.IsPrivilegedProcess && !CurrentUser.IsRootOfHost
            ? Count(File.ReadAllText("/proc/self/uid_map"), File.ReadAllText("/proc/self/gid_map"))
            : null);

    /// <summary>Whether this is root of a container.</summary>
    public static bool IsNested => s_count.Value is not null;

    /// <summary>
    /// The configuration with these ids, where root of the host would take a range. Of the image <c>host</c> root is another
    /// one than who makes it, whose files it shows.
    /// </summary>
    public static ContainerConfiguration Apply(ContainerConfiguration configuration, bool isHost) =>
        s_count.Value is { } count
        && configuration.BundlePath is null && configuration.UidMap is not { Count: > 0 }
        && SpecInput.IsPrivate(configuration.UserNamespace)
            ? configuration with { UidMap = [Map(count, isHost && count > 1 ? UserHostRoot.RootId : 0)] }
            : configuration;

    /// <summary>As many as both maps have from 0 on.</summary>
    internal static uint Count(string users, string groups) => Math.Min(Length(users), Length(groups));

    private static string Map(uint count, uint first) =>
        string.Create(CultureInfo.InvariantCulture, $"0:{first}:{count - first}");

    private static uint Length(string map)
    {
        ulong next = 0;
        foreach (string line in map.Split('\n'))
        {
            string[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length != 3 || ulong.Parse(numbers[0], CultureInfo.InvariantCulture) != next) break;
            next += ulong.Parse(numbers[2], CultureInfo.InvariantCulture);
        }

        return (uint)Math.Min(next, ContainerDefaults.IdRangeLength);
    }
}
