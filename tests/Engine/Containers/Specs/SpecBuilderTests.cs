using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Engine.Tests.Containers.Specs;

public sealed class SpecBuilderTests
{
    [Fact]
    public void Everything_is_isolated_by_default()
    {
        TestUser.RequireLimits();
        OciSpec spec = SpecTest.Build(new ContainerConfiguration());

        Assert.Equal(
            ["cgroup", "ipc", "mount", "network", "pid", "user", "uts"],
            spec.Linux!.Namespaces!.Select(entry => entry.Type).Order());
        Assert.All(spec.Linux.Namespaces!, entry => Assert.Null(entry.Path));
        Assert.Equal(SpecTest.Range, Assert.Single(spec.Linux.UidMappings!).HostId);
        Assert.Equal(65536u, Assert.Single(spec.Linux.GidMappings!).Size);
        Assert.True(spec.Process!.NoNewPrivileges);
        Assert.Equal("SCMP_ACT_ERRNO", spec.Linux.Seccomp!.DefaultAction);
        Assert.Contains("/proc/kcore", spec.Linux.MaskedPaths!);
        Assert.Contains("/proc/sys", spec.Linux.ReadonlyPaths!);
        Assert.Equal($"{ContainerDefaults.CgroupParent}/{SpecTest.Id}", spec.Linux.CgroupsPath);
        Assert.Equal(SpecTest.Id[..12], spec.Hostname);
        Assert.Equal(2048, spec.Linux.Resources!.Pids!.Limit);
        Assert.Contains("ro", SpecTest.Mount(spec, "/sys").Options!);
        Assert.Contains("ro", SpecTest.Mount(spec, "/sys/fs/cgroup").Options!);
    }

    [Fact]
    public void The_document_is_what_the_specification_asks_for()
    {
        TestUser.RequireLimits();
        OciSpec spec = SpecTest.Build(new ContainerConfiguration { Tty = true, Memory = 64 << 20, Cpu = 0.5 });

        OciSpec read = OciDocument.ReadSpec(OciDocument.Write(spec));
        Assert.Equal(OciDocument.Write(spec), OciDocument.Write(read));
    }

    [Fact]
    public void Capabilities_are_the_default_ones_and_nothing_is_inheritable()
    {
        OciCapabilities root = SpecTest.Build(new ContainerConfiguration()).Process!.Capabilities!;
        OciCapabilities user = SpecTest.Build(new ContainerConfiguration { User = "1000" }).Process!.Capabilities!;

        Assert.Equal(11, root.Bounding!.Count);
        Assert.Equal(root.Bounding, root.Effective);
        Assert.DoesNotContain("CAP_NET_RAW", root.Bounding!);
        Assert.Empty(root.Inheritable!);
        Assert.Empty(root.Ambient!);
        Assert.Equal(root.Bounding, user.Bounding);
        Assert.Empty(user.Effective!);
    }

    [Fact]
    public void Capabilities_are_added_and_dropped_by_name_and_all()
    {
        Assert.Equal(["CAP_CHOWN"], Bounding(new() { CapabilityDrop = ["all"], CapabilityAdd = ["chown"] }));
        Assert.DoesNotContain(
            "CAP_SYS_ADMIN", Bounding(new() { CapabilityAdd = ["ALL"], CapabilityDrop = ["SYS_ADMIN"] }));
        Assert.Contains("CAP_NET_ADMIN", Bounding(new() { CapabilityAdd = ["ALL"], CapabilityDrop = ["SYS_ADMIN"] }));
        Assert.Empty(Bounding(new() { CapabilityDrop = ["ALL"] }));
        SpecTest.AssertInvalid(new ContainerConfiguration { CapabilityAdd = ["CAP_FLY"] });
    }

    [Fact]
    public void Privileged_lifts_what_it_says_and_keeps_the_namespaces()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration { Privileged = true });

        Assert.Null(spec.Linux!.Seccomp);
        Assert.Empty(spec.Linux.MaskedPaths!);
        Assert.Empty(spec.Linux.ReadonlyPaths!);
        Assert.Contains("CAP_SYS_ADMIN", spec.Process!.Capabilities!.Effective!);
        Assert.Contains("user", spec.Linux.Namespaces!.Select(entry => entry.Type));
        Assert.True(Assert.Single(spec.Linux.Resources!.Devices!).Allow);
    }

    [Fact]
    public void Paths_are_masked_and_unmasked()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration
        {
            MaskPath = ["/secret"], UnmaskPath = ["/proc/kcore", "/proc/sys"],
        });

        Assert.Contains("/secret", spec.Linux!.MaskedPaths!);
        Assert.DoesNotContain("/proc/kcore", spec.Linux.MaskedPaths!);
        Assert.DoesNotContain("/proc/sys", spec.Linux.ReadonlyPaths!);
        Assert.Empty(SpecTest.Build(new ContainerConfiguration { UnmaskPath = ["all"] }).Linux!.MaskedPaths!);
        SpecTest.AssertInvalid(new ContainerConfiguration { MaskPath = ["relative"] });
    }

    [Fact]
    public void Namespaces_are_shared_and_joined()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration
        {
            NetworkNamespace = NamespaceMode.Of("other"),
            PidNamespace = NamespaceMode.Host,
            IpcNamespace = NamespaceMode.Parse("/proc/1/ns/ipc"),
        });

        Assert.Equal("/proc/4711/ns/net", spec.Linux!.Namespaces!.Single(entry => entry.Type == "network").Path);
        Assert.Equal("/proc/1/ns/ipc", spec.Linux.Namespaces!.Single(entry => entry.Type == "ipc").Path);
        Assert.DoesNotContain("pid", spec.Linux.Namespaces!.Select(entry => entry.Type));

        // A new sysfs or proc needs namespaces of the same user namespace.
        Assert.Equal("bind", SpecTest.Mount(spec, "/sys").Type);
        Assert.Equal("bind", SpecTest.Mount(spec, "/proc").Type);
    }

    [Fact]
    public void Without_a_user_namespace_there_are_no_maps()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration { UserNamespace = NamespaceMode.Host });

        Assert.Null(spec.Linux!.UidMappings);
        SpecTest.AssertInvalid(new ContainerConfiguration { UserNamespace = NamespaceMode.Host, UidMap = ["0:1:1"] });
    }

    [Fact]
    public void Id_maps_are_read_and_checked()
    {
        OciSpec spec = SpecTest.Build(new ContainerConfiguration { UidMap = ["0:100000:1000", "1000:5000:1"] });

        Assert.Equal((1000u, 5000u, 1u), (
            spec.Linux!.UidMappings![1].ContainerId, spec.Linux.UidMappings[1].HostId, spec.Linux.UidMappings[1].Size));
        Assert.Equal(spec.Linux.UidMappings, spec.Linux.GidMappings);
        foreach (string bad in (string[])["", "0:0", "0:0:0", "0:x:1", "0:4294967295:2", "-1:0:1", "0:0:1:1"])
        {
            SpecTest.AssertInvalid(new ContainerConfiguration { UidMap = [bad] });
        }

        SpecTest.AssertInvalid(new ContainerConfiguration { UidMap = ["0:1000:10", "5:2000:10"] });
        SpecTest.AssertInvalid(new ContainerConfiguration { UidMap = ["0:1000:10", "50:1005:10"] });
        SpecTest.AssertInvalid(new ContainerConfiguration
        {
            UidMap = [.. Enumerable.Range(0, 5000).Select(index => $"{index}:{index}:1")],
        });
    }

    [Theory]
    [InlineData("kernel.core_pattern", "x")]
    [InlineData("vm.swappiness", "1")]
    [InlineData("kernel.shm_rmid_forced", "1+kernel.core_pattern=x")]
    [InlineData("kernel.shm_rmid_forced=1+kernel.core_pattern", "x")]
    [InlineData("net.../../kernel.core_pattern", "x")]
    [InlineData("net..ipv4", "1")]
    [InlineData("net/../kernel/core_pattern", "1")]
    [InlineData("", "1")]
    [InlineData("net.ipv4.ip_forward", "1\n2")]
    [InlineData("kernel.hostname", "x")]
    public void Kernel_parameters_of_the_host_are_refused(string key, string value) =>
        SpecTest.AssertInvalid(
            new ContainerConfiguration { Sysctl = new Dictionary<string, string> { [key] = value } });

    [Fact]
    public void Kernel_parameters_belong_to_namespaces()
    {
        Dictionary<string, string> network = new() { ["net.ipv4.ip_local_port_range"] = "1024 65535" };
        Dictionary<string, string> ipc = new() { ["fs.mqueue.msg_max"] = "20" };

        ContainerConfiguration both = new() { Sysctl = new Dictionary<string, string>([.. network, .. ipc]) };
        Assert.Equal(both.Sysctl, Set(both));
        Dictionary<string, string> user = new() { ["user.max_inotify_instances"] = "7" };
        Assert.Equal(user, Set(new() { Sysctl = user }));
        SpecTest.AssertInvalid(new ContainerConfiguration { Sysctl = user, UserNamespace = NamespaceMode.Host });
        SpecTest.AssertInvalid(new ContainerConfiguration { Sysctl = network, NetworkNamespace = NamespaceMode.Host });
        SpecTest.AssertInvalid(new ContainerConfiguration { Sysctl = ipc, IpcNamespace = NamespaceMode.Host });
    }

    [Fact]
    public void What_was_asked_for_another_user_has_too_but_not_of_a_preset()
    {
        ContainerConfiguration asked = new()
        {
            User = "1000", CapabilityAdd = ["NET_ADMIN", "SYS_TIME"], CapabilityDrop = ["ALL"],
        };
        OciCapabilities sets = SpecTest.Build(asked).Process!.Capabilities!;
        Assert.All(
            [sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient],
            names => Assert.Equal(["CAP_NET_ADMIN", "CAP_SYS_TIME"], names));
        Assert.Empty(SpecTest.Build(asked with { User = null }).Process!.Capabilities!.Ambient!);

        ContainerConfiguration preset = ContainerPresets.Apply(new(), ContainerPreset.Contained) with { User = "1000" };
        Assert.Empty(SpecTest.Build(preset).Process!.Capabilities!.Effective!);
        Assert.Empty(SpecTest.Build(preset).Process!.Capabilities!.Ambient!);
    }

    [Theory]
    [InlineData("0 65535")]
    [InlineData("0 9", "0:700000:10")]
    [InlineData("0 5", "1:700000:5", "0:600000:1")]
    [InlineData("0 0", "1:700000:5", "0:800000:1")]
    [InlineData("0 2147483647", "0:700000:3000000000")]
    public void Ping_is_for_the_groups_of_the_container(string range, params string[] maps)
    {
        ContainerConfiguration configuration = new() { UidMap = maps.Length > 0 ? maps : null };
        Assert.Equal(range, SpecTest.Build(configuration).Linux!.Sysctl!["net.ipv4.ping_group_range"]);
    }

    [Fact]
    public void Ping_is_left_as_it_is_where_the_network_or_the_means_are_not_the_containers()
    {
        const string ping = "net.ipv4.ping_group_range";
        Assert.DoesNotContain(ping, SpecTest.Build(new() { NetworkNamespace = NamespaceMode.Host }).Linux!.Sysctl!.Keys);
        Assert.DoesNotContain(ping, SpecTest.Build(new() { NetworkNamespace = NamespaceMode.Of("other") }).Linux!.Sysctl!.Keys);
        Assert.Null(SpecTest.Build(new() { PidNamespace = NamespaceMode.Host }).Linux!.Sysctl);
        Assert.Equal(
            "0 2147483647",
            SpecTest.Build(new() { PidNamespace = NamespaceMode.Host, UserNamespace = NamespaceMode.Host })
                .Linux!.Sysctl![ping]);
    }

    [Fact]
    public void Devices_are_nodes_of_the_containers_user()
    {
        OciDevice device = Assert.Single(SpecTest.Build(new() { Device = ["/dev/full:/dev/mine:r"], User = "7:8" }).Linux!.Devices!);
        Assert.Equal(("/dev/mine", "c", 1, 7), (device.Path, device.Type, device.Major, device.Minor));
        Assert.Equal((0x1B6u, 7u, 8u), (device.FileMode, device.Uid, device.Gid));
    }

    private static Dictionary<string, string> Set(ContainerConfiguration configuration) =>
        new(SpecTest.Build(configuration).Linux!.Sysctl!.Where(entry => configuration.Sysctl!.ContainsKey(entry.Key)));

    private static IReadOnlyList<string> Bounding(ContainerConfiguration configuration) =>
        SpecTest.Build(configuration).Process!.Capabilities!.Bounding!;
}
