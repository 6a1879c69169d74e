using System.Diagnostics;
using Container.Engine.Catalog;
using Container.Engine.Cgroups;
using Container.Engine.State;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Unprivileged;

/// <summary>Who runs the tests: root, or an ordinary user whose containers have files that are not the user's.</summary>
internal static class TestUser
{
    /// <summary>Skips where images and containers could have one user only.</summary>
    public static void RequireIds() => Assert.SkipWhen(
        UserIds.Current is { HasRange: false }, $"needs root or subordinate ids: {UserIds.Current?.Missing}");

    /// <summary>Skips what an ordinary user may not.</summary>
    public static void RequireRoot(string why) =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: " + why);

    /// <summary>Skips where nobody gave the user control groups, which tests/as-user.sh does.</summary>
    public static void RequireLimits() => Assert.SkipUnless(
        new[] { "memory", "pids", "cpu" }.All(CgroupAccess.CanLimit), "needs root or control groups of the user's own");

    /// <summary>The host's id of one of a container's.</summary>
    public static long? HostId(ContainerRecord container, uint id)
    {
        if (UserIds.Current is not { } ids) return container.IdRangeStart + id;
        var range = ids.Users.First(range => id >= range.ContainerId && id - range.ContainerId < range.Size);
        return range.HostId + (id - range.ContainerId);
    }

    /// <summary>Removes a directory below /tmp with everything that containers made in it.</summary>
    public static void Remove(string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using RootDirectory tmp = RootDirectory.Open("/tmp");
            tmp.Remove(Path.GetFileName(directory));
            return;
        }

        ProcessStartInfo start = new("unshare", ["--map-auto", "--map-root-user", "rm", "-rf", "--", directory]);
        using Process process = Process.Start(start)!;
        process.WaitForExit();
    }
}
