namespace Container.Native.Cgroups.Statistics;

/// <summary>What a cgroup uses of one RDMA device.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Handles">Handles in use.</param>
/// <param name="Objects">Objects in use.</param>
public sealed record RdmaStatistics(string Device, long? Handles, long? Objects);
