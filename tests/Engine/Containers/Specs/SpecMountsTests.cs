using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
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

    [Theory]
    [InlineData(true, ContainerSystemd.Off)]
    [InlineData(false, ContainerSystemd.Always)]
    [InlineData(true, ContainerSystemd.Always)]
    public void What_is_in_memory_unasked_takes_no_more_than_a_bit_over_half_of_it(bool isHost, ContainerSystemd systemd)
    {
        OciSpec spec = SpecTest.Build(
            new ContainerConfiguration { Systemd = systemd }, new ImageDefaults { IsHost = isHost, Command = ["/bin/sh"] });
        string[] sizes = [.. spec.Mounts!.Where(mount => mount.Type == "tmpfs").Select(mount => Assert.Single(
            mount.Options!, static option => option.StartsWith("size=", StringComparison.Ordinal))[5..])];
        Assert.InRange(sizes.Where(size => size[^1] == '%').Sum(size => int.Parse(size[..^1])), 1, 60);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/sys")]
    [InlineData("/sys/fs/x")]
    [InlineData("/x/../proc//self")]
    public void A_volume_of_an_image_is_none_on_what_is_the_kernels(string target) => SpecTest.AssertInvalid(
        new ContainerConfiguration
        {
            Mount = [new ContainerMount { Type = ContainerMountType.Volume, Source = "v", Target = target }],
        },
        ErrorId.InvalidMountSpecification);

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
