using Container.Native.Json;

namespace Container.Native.Oci;

/// <summary>The processors a process of exec may run on, as lists such as <c>0-3,7</c>.</summary>
[JsonObject]
public sealed partial record OciCpuAffinity
{
    /// <summary>Before it enters the container's cgroup.</summary>
    public string? Initial { get; init; }

    /// <summary>Once it is in the container's cgroup.</summary>
    public string? Final { get; init; }
}
