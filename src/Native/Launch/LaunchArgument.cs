namespace Container.Native.Launch;

/// <summary>An argument of an operation: a number, a pointer into the plan's memory, or a slot.</summary>
internal readonly record struct LaunchArgument(nint Value, bool IsSlot)
{
    public static implicit operator LaunchArgument(int value) => new(value, false);

    public static implicit operator LaunchArgument(uint value) => new((nint)value, false);

    public static implicit operator LaunchArgument(nint value) => new(value, false);

    public static implicit operator LaunchArgument(LaunchSlot slot) => new(slot.Index, true);
}
