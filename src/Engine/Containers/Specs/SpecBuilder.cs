using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// Translates a <see cref="ContainerConfiguration"/> into an OCI configuration. What is wrong with it is found here,
/// before anything of the container exists.
/// </summary>
internal static class SpecBuilder
{
    public static OciSpec Build(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        SpecSecurity.RequireUserNamespace(input);
        OciProcess process = SpecProcess.Build(input);
        return new OciSpec
        {
            OciVersion = "1.3.0",
            Process = process,
            Root = new OciRoot { Path = "rootfs", Readonly = configuration.ReadOnly },
            Hostname = SpecInput.IsPrivate(configuration.UtsNamespace) ? SpecHostFiles.HostName(input) : null,
            Mounts = SpecMounts.Build(input),
            Annotations = configuration.Annotation,
            Linux = new OciLinux
            {
                UidMappings = SpecIdMaps.Users(input),
                GidMappings = SpecIdMaps.Groups(input),
                Namespaces = SpecNamespaces.Build(input),
                TimeOffsets = SpecNamespaces.TimeOffsets(configuration),
                CgroupsPath = CgroupsPath(input),
                Resources = SpecResources.Build(configuration),
                Devices = SpecDevices.Nodes(input, process.User),
                Sysctl = SpecSysctl.Build(input),
                Seccomp = SpecSecurity.Seccomp(configuration),
                MaskedPaths = SpecSecurity.MaskedPaths(configuration),
                ReadonlyPaths =
                    [.. SpecSecurity.ReadOnlyPaths(configuration), .. SystemContainer.ReadOnlyPaths(input)],
                RootfsPropagation = SpecMounts.Propagation(configuration),
            },
        };
    }

    private static string CgroupsPath(SpecInput input)
    {
        string parent = input.Configuration.CgroupParent ?? ContainerDefaults.CgroupParent;
        if (parent is not ['/', ..] || parent.Split('/').Contains("..")
            || parent.Contains('\0', StringComparison.Ordinal))
            throw EngineException.Invalid($"The control group '{parent}' is not an absolute path.", parent);
        return $"{parent.TrimEnd('/')}/{input.Id}";
    }
}
