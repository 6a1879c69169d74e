namespace Container.Native.Launch;

/// <summary>Where a launch stops for hooks.</summary>
internal enum HookPoint
{
    /// <summary>Everything is mounted, in the container's mount namespace: prestart and createRuntime.</summary>
    CreateRuntime = LaunchReport.RuntimeHooks,

    /// <summary>Everything is mounted, the root is still the host's: createContainer.</summary>
    CreateContainer = LaunchReport.CreateHooks,

    /// <summary>The container's program comes next: startContainer.</summary>
    StartContainer = LaunchReport.StartHooks,
}
