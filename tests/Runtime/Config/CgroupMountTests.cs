using Container.Native.Cgroups.Hierarchies;
using Xunit;

namespace Container.Runtime.Tests.Config;

/// <summary>Cgroups that a container mounts, and whose they are.</summary>
public sealed class CgroupMountTests : ConfigTest
{
    private const uint HostId = 0x20000000;

    // Of every mount of cgroups: whether a group can be made there and its processes moved into it, or not.
    private const string Make =
        "for d in $(busybox sed -n 's/^[^ ]* \\([^ ]*\\) cgroup2* .*/\\1/p' /proc/mounts); do " +
        "(mkdir $d/below && echo 1 >$d/below/cgroup.procs) 2>/dev/null && echo made ${d##*/}; done; cat /proc/self/cgroup";

    [Theory]
    [InlineData("rw", true)]
    [InlineData("ro", false)]
    public void OneThatIsMountedWritableBelongsToTheContainer(string access, bool made)
    {
        UseUserNamespace(HostId);
        AddNamespace("cgroup");
        MountCgroups(access);
        string[] lines = Output(Make).Split('\n');
        CgroupHost host = CgroupHost.Current;
        List<string> places = [.. host.Hierarchies.Where(static h => h.IsNamed).Select(static h => h.MountPoint)];
        if (host.UnifiedMount is { } unified) places.Add(unified);
        string[] names = [.. places.Select(static place => "made " + Path.GetFileName(place))];
        Assert.Equal(made ? names.Order() : [], lines.Where(line => line.StartsWith("made ", StringComparison.Ordinal)).Order());

        // No hierarchy with a controller is given away: its files would let the container raise its own limits.
        foreach (string line in lines.Where(line => line.Contains(':', StringComparison.Ordinal)))
        {
            bool given = line.StartsWith("0::", StringComparison.Ordinal) || line.Contains(":name=", StringComparison.Ordinal);
            if (!given) Assert.EndsWith(":/", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WithoutACgroupNamespaceItIsNotGivenAway()
    {
        UseUserNamespace(HostId);
        RemoveNamespace("cgroup");
        MountCgroups("rw");
        Assert.DoesNotContain("made ", Output(Make), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACgroupItsOwnTheCallersIsShown()
    {
        RemoveNamespace("cgroup");
        MountCgroups("ro");
        Save("/bin/sh", "-c", "cat $(ls -d /sys/fs/cgroup/pids /sys/fs/cgroup 2>/dev/null | busybox head -n 1)/cgroup.procs; cat /proc/self/cgroup");
        string output = Psrun.Succeed("--cgroup-manager", "disabled", "run", "-b", Bundle.Path, Id);
        string own = File.ReadAllText("/proc/self/cgroup");
        foreach (string line in output.Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal)))
            Assert.Contains(line, own, StringComparison.Ordinal);
    }

    private void MountCgroups(string access)
    {
        RemoveMounts("/sys/fs/cgroup");
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", access);
    }
}
