namespace Container.Engine.Host;

/// <summary>Something that the runtime or the kernel can do, or cannot.</summary>
/// <param name="Category">What it belongs to: Namespace, MountOption, Capability, Hook, Seccomp, Cgroup, Confinement.</param>
/// <param name="Name">Its name, as the runtime specification or the kernel words it.</param>
/// <param name="IsAvailable">Whether it can be used here.</param>
/// <param name="Detail">What was found.</param>
public sealed record HostFeature(string Category, string Name, bool IsAvailable, string? Detail);
