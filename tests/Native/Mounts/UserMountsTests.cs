using Container.Native.Mounts;
using Xunit;

namespace Container.Native.Tests.Mounts;

public sealed class UserMountsTests
{
    private const string Fstab = """
        # /dev/sdz1 /lines/commented auto defaults
        UUID=1 / ext4 defaults 0 1
        UUID=2 /var/lib/store ext4 nosuid,nodev 0 2
        UUID=3 /mnt/with\040blank ext4 nosuid,nodev
        /dev/sdb1	/mnt/stick	auto noauto,users,rw 0 0
        server:/x /mnt/net nfs user,nosuid 0 0
        """;

    private const string Utab = """
        SRC=/dev/sdc1 TARGET=/run/media/eve/stick ROOT=/ OPTS=uhelper=udisks2
        SRC=/dev/sdd1 TARGET=/mnt/a\040b ROOT=/ OPTS=user=eve
        SRC=server:/y TARGET=/mnt/y ROOT=/ OPTS=_netdev
        """;

    [Theory]
    [InlineData("/var/lib/store", "/dev/sda2")]
    [InlineData("/mnt/with blank", "/dev/sda3")]
    [InlineData("/data", "/dev/sda4")]
    [InlineData("/srv/exports", "server:/z")]
    [InlineData("/mnt/y", "server:/y")]
    public void What_root_has_mounted_is_roots(string target, string source) =>
        Assert.False(UserMounts.Has(target, source, Fstab, Utab));

    [Theory]
    [InlineData("/run/media/eve/stick", "/dev/sdc1")]
    [InlineData("/mnt/a b", "/dev/sdd1")]
    [InlineData("/mnt/stick", "/dev/sdb1")]
    [InlineData("/mnt/net", "server:/x")]
    [InlineData("/media/other", "/dev/sde1")]
    [InlineData("/lines/commented", "/dev/sdz1")]
    public void What_a_user_has_or_may_have_mounted_is_not(string target, string source) =>
        Assert.True(UserMounts.Has(target, source, Fstab, Utab));
}
