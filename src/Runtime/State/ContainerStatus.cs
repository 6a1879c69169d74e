namespace Container.Runtime.State;

/// <summary>Where a container is in its life (runtime-spec, runtime.md, "State"; paused is runc's addition).</summary>
internal enum ContainerStatus
{
    Creating,
    Created,
    Running,
    Paused,
    Stopped,
}
