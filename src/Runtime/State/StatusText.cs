namespace Container.Runtime.State;

/// <summary>The runtime specification's words for a status.</summary>
internal static class StatusText
{
    public static string Of(ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };
}
