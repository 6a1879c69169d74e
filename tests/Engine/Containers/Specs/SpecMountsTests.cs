using Container.Engine.Containers;
using Container.Engine.Containers.Specs;
using Container.Native.Oci;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class SpecMountsTests
{
    [Fact]
    public void The_kernels_filesystems_come_first_and_the_users_last()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration { Mount = [ContainerMount.Parse("/tmp:/data:ro")] });

        Assert.Equal(
            ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/etc/hostname",
                "/etc/hosts", "/etc/resolv.conf", "/data"],
            spec.Mounts!.Select(mount => mount.Destination));
        OciMount data = SpecTest.Mount(spec, "/data");
        Assert.Equal(["rbind", "rprivate", "rro", "idmap"], data.Options);
        Assert.Equal("/tmp", data.Source);
    }

    [Fact]
    public void Binds_are_not_mapped_without_a_user_namespace_of_ones_own()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration
        {
            UserNamespace = NamespaceMode.Host, Mount = [ContainerMount.Parse("/tmp:/data:rslave")],
        });

        Assert.Equal(["rbind", "rslave"], SpecTest.Mount(spec, "/data").Options);
        Assert.Equal("rslave", spec.Linux!.RootfsPropagation);
    }

    [Fact]
    public void The_host_image_has_its_own_places_to_write()
    {
        OciSpec spec = SpecTest.Build(
            new ContainerConfiguration(), new ImageDefaults { IsHost = true, Command = ["/bin/sh"] });

        foreach (string target in (string[])["/tmp", "/run", "/var", "/var/tmp", "/root", "/home"])
        {
            Assert.Equal("tmpfs", SpecTest.Mount(spec, target).Type);
        }
    }

    [Fact]
    public void Temporary_filesystems_and_shared_memory_have_sizes()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration
        {
            ShmSize = 1 << 20, Mount = [ContainerMount.ParseTmpfs("/scratch:size=1m,mode=700")],
        });

        Assert.Contains("size=1048576", SpecTest.Mount(spec, "/dev/shm").Options!);
        Assert.Equal(["nosuid", "nodev", "mode=700", "size=1048576"], SpecTest.Mount(spec, "/scratch").Options);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/sys/")]
    [InlineData("/dev")]
    [InlineData("/dev/pts")]
    public void Nothing_hides_the_kernels_filesystems(string target) => SpecTest.AssertInvalid(
        new ContainerConfiguration { Mount = [ContainerMount.ParseTmpfs(target)] }, ErrorId.InvalidMountSpecification);

    [Fact]
    public void A_source_has_to_exist_and_a_target_to_be_absolute()
    {
        SpecTest.AssertInvalid(
            new ContainerConfiguration { Mount = [ContainerMount.Parse("/nonexistent:/x")] },
            ErrorId.InvalidMountSpecification);
        SpecTest.AssertInvalid(
            new ContainerConfiguration { Mount = [new ContainerMount { Source = "/tmp", Target = "x" }] },
            ErrorId.InvalidMountSpecification);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("line\nbreak")]
    [InlineData("")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456")]
    public void Host_names_are_checked(string name) =>
        SpecTest.AssertInvalid(new ContainerConfiguration { Hostname = name });

    [Fact]
    public void Resolver_and_hosts_entries_are_checked()
    {
        foreach (ContainerConfiguration bad in (ContainerConfiguration[])
            [
                new() { DnsServer = ["not an address"] },
                new() { DnsSearch = ["a\nnameserver 1.2.3.4"] },
                new() { DnsOption = ["a b"] },
                new() { AddHost = ["name"] },
                new() { AddHost = ["name:x"] },
                new() { AddHost = [":1.2.3.4"] },
            ])
        {
            Assert.Throws<EngineException>(() => Files(bad));
        }

        Dictionary<string, string> files = Files(new ContainerConfiguration
        {
            Hostname = "inside", DnsServer = ["1.2.3.4"], DnsSearch = ["example.org"],
            AddHost = ["db:10.0.0.5", "six:fd00::1"],
        });
        Assert.Equal("inside\n", files["hostname"]);
        Assert.StartsWith("nameserver 1.2.3.4\nsearch example.org\n", files["resolv.conf"], StringComparison.Ordinal);
        Assert.EndsWith("10.0.0.5\tdb\nfd00::1\tsix\n", files["hosts"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Files(ContainerConfiguration configuration) => SpecHostFiles.Files(
        new SpecInput
        {
            Id = SpecTest.Id,
            Name = "web1",
            Configuration = configuration,
            Image = ImageDefaults.None,
            Directory = "/state",
            Users = new UserDatabase(_ => null),
            FindVolume = name => "/volumes/" + name,
            FindLayers = name => ["/layers/" + name],
            FindContainer = _ => throw new InvalidOperationException(),
        }).ToDictionary(file => file.Name, file => System.Text.Encoding.UTF8.GetString(file.Content));
}
