namespace Container.Native.Launch;

/// <summary>A place in a plan that holds a descriptor: preset, received, or the result of an operation.</summary>
internal readonly record struct LaunchSlot(int Index);
