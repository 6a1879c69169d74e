using System.Diagnostics;
using Container.Runtime.Tests.Config;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>CVE-2023-25809: a rootless container without a cgroup namespace, and the host's cgroups.</summary>
public sealed class SecurityRootlessTests : ConfigTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_cgroups_of_the_host_cannot_be_written(bool readOnly)
    {
        RemoveNamespace("cgroup");
        RemoveMounts("/sys", "/sys/fs/cgroup", "/dev/mqueue");
        Mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", readOnly ? "ro" : "rw");
        using Process run = StartUnprivileged(
            "/bin/sh", "-c", "for f in $(busybox find /sys/fs/cgroup -name 'cgroup.procs' -o -name release_agent); do "
                + "(: >>$f) 2>/dev/null && echo writable $f; (mkdir ${f%/*}/x) 2>/dev/null && echo made ${f%/*}/x; done; true");
        CommandResult result = Psrun.Finish(run);
        Assert.Equal("", result.Output);
        Assert.True(result.Code == 0 || result.Error.Contains("cgroup", StringComparison.Ordinal), result.Error);
    }
}
