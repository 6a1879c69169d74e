using Container.Native.Cgroups;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Syscalls;
using Container.Runtime.State;

namespace Container.Runtime.Creation;

/// <summary>Runs the startContainer hooks, when the container's process has come to the end of its preparations.</summary>
internal static class StartHooks
{
    /// <summary>Runs them as processes of the container.</summary>
    /// <param name="directory">The container.</param>
    /// <param name="spec">Its document.</param>
    /// <param name="process">Its first process.</param>
    /// <param name="root">The directory of the containers' state.</param>
    public static void Run(ContainerDirectory directory, OciSpec spec, FileDescriptor process, string root)
    {
        using CgroupManager? cgroup = directory.OpenCgroup();
        LaunchOptions options = new()
        {
            Id = directory.Id,
            Bundle = directory.State.Bundle,
            Cgroup = cgroup,
            KeepGroups = CrunAnnotations.KeepsGroups(spec),
            SeccompCache = SeccompDirectory.Of(root),
            Listener = SeccompListener.For(spec.Linux?.Seccomp, () => directory.Describe(ContainerStatus.Created)),
        };
        new HookRunner(new ContainerProgram(spec, process, options)).Run(
            "startContainer", spec.Hooks?.StartContainer, directory.Describe(ContainerStatus.Created));
    }
}
