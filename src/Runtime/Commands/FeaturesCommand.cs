using Container.Native.Cgroups;
using Container.Native.Mounts;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Features;
using Container.Native.Oci.Validation;
using Container.Native.Security;
using Container.Runtime.Arguments;
using Container.Runtime.Creation;
using Container.Runtime.Messages;

namespace Container.Runtime.Commands;

/// <summary><c>psrun features</c> (runtime-spec, features.md)</summary>
internal sealed class FeaturesCommand : Command
{
    public override string Name => "features";

    public override string Summary => "print what this runtime can do";

    public override string Operands => "";

    public override int LeastOperands => 0;

    public override int MostOperands => 0;

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        Output.Write([.. OciDocument.Write(Create(SeccompCompiler.FindLibraryVersion()), indented: true), (byte)'\n']);
        return 0;
    }

    private static OciFeatures Create(string? libseccomp) => new()
    {
        OciVersionMin = OciNames.VersionMin,
        OciVersionMax = OciNames.VersionMax,
        Hooks = OciNames.Hooks,
        MountOptions = MountOptions.Known,
        Linux = new OciFeaturesLinux
        {
            Namespaces = OciNames.Namespaces,
            Capabilities = CapabilitySet.Known.Names,
            Cgroup = new OciFeaturesCgroup { V1 = true, V2 = true, Systemd = true, SystemdUser = true, Rdma = true },
            Seccomp = new OciFeaturesSeccomp
            {
                Enabled = libseccomp is not null,
                Actions = OciNames.SeccompActions,
                Operators = OciNames.SeccompOperators,
                Archs = OciNames.SeccompArchitectures,
                KnownFlags = OciNames.SeccompFlags,
                SupportedFlags = SeccompKernel.SupportedFlags(),
            },
            Apparmor = new OciFeaturesEnabled { Enabled = true },
            Selinux = new OciFeaturesEnabled { Enabled = true },
            IntelRdt = new OciFeaturesIntelRdt { Enabled = true, Schemata = true, Monitoring = true },
            MemoryPolicy = new OciFeaturesMemoryPolicy
            {
                Modes = OciNames.MemoryPolicyModes,
                Flags = OciNames.MemoryPolicyFlags,
            },
            MountExtensions = new OciFeaturesMountExtensions { Idmap = new OciFeaturesEnabled { Enabled = true } },
            NetDevices = new OciFeaturesEnabled { Enabled = true },
        },
        Annotations = CreateAnnotations(libseccomp),
        PotentiallyUnsafeConfigAnnotations = [.. CrunAnnotations.Known, CgroupManager.UnitAnnotations],
    };

    // Those of runc and crun that engines read under their names, and ours.
    private static Dictionary<string, string> CreateAnnotations(string? libseccomp)
    {
        Dictionary<string, string> annotations = new(StringComparer.Ordinal)
        {
            ["org.opencontainers.psrun.version"] = BuildInformation.Version,
            ["org.opencontainers.psrun.commit"] = BuildInformation.Commit,
            ["org.opencontainers.runc.checkpoint.enabled"] = "true",
        };
        if (libseccomp is not null) annotations["io.github.seccomp.libseccomp.version"] = libseccomp;
        return annotations;
    }
}
