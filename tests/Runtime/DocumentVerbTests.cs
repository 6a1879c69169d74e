using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Features;
using Xunit;

namespace Container.Runtime.Tests;

/// <summary>spec and features.</summary>
public sealed class DocumentVerbTests : IDisposable
{
    private readonly Psrun psrun = new();
    private readonly string directory = Directory.CreateTempSubdirectory("psrun-spec-").FullName;

    public void Dispose()
    {
        psrun.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SpecWritesAConfigurationThatIsAccepted(bool rootless)
    {
        psrun.Succeed(["spec", "-b", directory, .. rootless ? new[] { "--rootless" } : []]);
        OciSpec spec = OciDocument.ReadSpec(File.ReadAllBytes(directory + "/config.json"));
        Assert.Equal("sh", spec.Process!.Args![0]);
        Assert.True(spec.Process.NoNewPrivileges);
        Assert.Equal(rootless, spec.Linux!.UidMappings is not null);
        Assert.Equal(!rootless, spec.Linux.Namespaces!.Any(static n => n.Type == "network"));
        Assert.Equal(CgroupHost.Mode == "v2", spec.Linux.Namespaces!.Any(static n => n.Type == "cgroup"));
    }

    [Fact]
    public void SpecGoesToTheCurrentDirectoryAndOverwritesNothing()
    {
        CommandOptions here = new() { Directory = directory };
        Assert.Equal(0, psrun.Run(here, "spec").Code);
        byte[] before = File.ReadAllBytes(directory + "/config.json");
        CommandResult again = psrun.Run(here, "spec", "--rootless");
        Assert.Equal(new CommandResult(1, "", $"psrun: {directory}/config.json exists: remove it first\n"), again);
        Assert.Equal(before, File.ReadAllBytes(directory + "/config.json"));
    }

    [Fact]
    public void CrunAcceptsTheConfiguration()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/crun"), "crun is not installed");
        using Bundle bundle = new(psrun, "/bin/true");

        // crun refuses a host with both kinds of cgroups: it gets a view without the v2 tree.
        const string Script = "umount /sys/fs/cgroup/unified 2>/dev/null; exec crun \"$@\"";
        string id = Guid.NewGuid().ToString("N");
        string[] arguments =
        [
            "--mount", "--propagation", "private", "sh", "-c", Script, "sh",
            "--root", directory, "--cgroup-manager=disabled", "run", "--bundle", bundle.Path, id,
        ];
        using Process crun = Process.Start(
            new ProcessStartInfo("unshare", arguments) { RedirectStandardError = true })!;
        string error = crun.StandardError.ReadToEnd();
        crun.WaitForExit();
        Assert.True(crun.ExitCode == 0, error);
    }

    [Fact]
    public void FeaturesAreThoseOfTheSpecification()
    {
        OciFeatures features = OciDocument.ReadFeatures(Encoding.UTF8.GetBytes(psrun.Succeed("features")));
        Assert.Equal("1.0.0", features.OciVersionMin);
        Assert.Equal("1.3.0", features.OciVersionMax);
        Assert.Contains("createContainer", features.Hooks!);
        Assert.Contains("rro", features.MountOptions!);
        Assert.Contains("time", features.Linux!.Namespaces!);
        Assert.Contains("CAP_CHECKPOINT_RESTORE", features.Linux.Capabilities!);
        Assert.True(features.Linux.Cgroup!.V2);
        Assert.True(features.Linux.Cgroup.Systemd);
        Assert.Contains("SCMP_ACT_NOTIFY", features.Linux.Seccomp!.Actions!);
        Assert.Contains("SECCOMP_FILTER_FLAG_LOG", features.Linux.Seccomp.SupportedFlags!);
        Assert.DoesNotContain("SECCOMP_FILTER_FLAG_NO_SUCH", features.Linux.Seccomp.SupportedFlags!);
        Assert.Contains("MPOL_BIND", features.Linux.MemoryPolicy!.Modes!);
        Assert.Contains("MPOL_F_STATIC_NODES", features.Linux.MemoryPolicy.Flags!);
        Assert.True(features.Linux.MountExtensions!.Idmap!.Enabled);
        Assert.True(features.Linux.NetDevices!.Enabled);
        Assert.True(features.Linux.IntelRdt!.Enabled);
        Assert.Equal("true", features.Annotations!["org.opencontainers.runc.checkpoint.enabled"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", features.Annotations["io.github.seccomp.libseccomp.version"]);
        foreach (string annotation in new[] { "run.oci.keep_original_groups", "org.systemd.property." })
            Assert.Contains(annotation, features.PotentiallyUnsafeConfigAnnotations!);
    }

    [Fact]
    public void FeaturesLeaveNoMemberOfTheSpecificationOut()
    {
        JsonNode features = JsonNode.Parse(psrun.Succeed("features"))!;
        Assert.Equal(
            ["annotations", "hooks", "linux", "mountOptions", "ociVersionMax", "ociVersionMin", "potentiallyUnsafeConfigAnnotations"],
            Members(features));
        Assert.Equal(
            ["apparmor", "capabilities", "cgroup", "intelRdt", "memoryPolicy", "mountExtensions", "namespaces", "netDevices",
                "seccomp", "selinux"],
            Members(features["linux"]!));
        Assert.Equal(["rdma", "systemd", "systemdUser", "v1", "v2"], Members(features["linux"]!["cgroup"]!));
        Assert.Equal(
            ["actions", "archs", "enabled", "knownFlags", "operators", "supportedFlags"], Members(features["linux"]!["seccomp"]!));
        Assert.Equal(["enabled", "monitoring", "schemata"], Members(features["linux"]!["intelRdt"]!));
    }

    private static string[] Members(JsonNode node) =>
        [.. node.AsObject().Select(static member => member.Key).Order(StringComparer.Ordinal)];
}
