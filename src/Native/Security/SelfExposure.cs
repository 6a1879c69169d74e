namespace Container.Native.Security;

/// <summary>How far a container could get at our executable.</summary>
internal enum SelfExposure
{
    /// <summary>It cannot open the file for writing.</summary>
    None,

    /// <summary>Only by having the kernel execute us as its own program.</summary>
    OnExecute,

    /// <summary>Its processes can see ours before that.</summary>
    Full,
}
