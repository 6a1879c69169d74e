using Container.Native.Security;
using Xunit;

namespace Container.Runtime.Tests.Config;

public sealed class SecurityLabelTests : ConfigTest
{
    [Fact]
    public void AnApparmorProfileIsRefusedWithoutApparmor()
    {
        Assert.SkipWhen(SecurityModules.HasApparmor, "this kernel runs AppArmor");
        Process["apparmorProfile"] = "some-profile";
        Assert.Equal("process.apparmorProfile: this kernel does not run AppArmor", Refusal());
        Assert.Empty(Psrun.Containers);
    }

    [Fact]
    public void TheProfileThatConfinesNothingNeedsNoApparmor()
    {
        Process["apparmorProfile"] = "unconfined";
        Assert.Equal("ran", Output("echo ran"));
    }

    [Fact]
    public void AnApparmorProfileThatIsNotLoadedIsAnError()
    {
        Assert.SkipUnless(SecurityModules.HasApparmor, "this kernel does not run AppArmor");
        Process["apparmorProfile"] = "no-such-profile-" + Id;
        Assert.Contains("label", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnSelinuxLabelIsRefusedWithoutSelinux()
    {
        Assert.SkipWhen(SecurityModules.HasSelinux, "this kernel runs SELinux");
        Process["selinuxLabel"] = "system_u:system_r:container_t:s0";
        Assert.Equal("process.selinuxLabel: this kernel does not run SELinux", Refusal());
    }

    [Fact]
    public void AMountLabelIsRefusedWithoutSelinux()
    {
        Assert.SkipWhen(SecurityModules.HasSelinux, "this kernel runs SELinux");
        Linux["mountLabel"] = "system_u:object_r:container_file_t:s0";
        Assert.Equal("linux.mountLabel: this kernel does not run SELinux", Refusal());
    }

    [Fact]
    public void ExecRefusesALabelTheSameWay()
    {
        Assert.SkipWhen(SecurityModules.HasApparmor, "this kernel runs AppArmor");
        Save("/bin/sleep", "1000");
        Psrun.Succeed("run", "-d", "-b", Bundle.Path, Id);
        Assert.Equal(
            "process.apparmorProfile: this kernel does not run AppArmor",
            Psrun.Fail(255, "exec", "--apparmor", "some-profile", Id, "true"));
    }
}
