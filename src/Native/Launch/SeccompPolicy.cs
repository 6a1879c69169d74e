using Container.Native.Oci;
using Container.Native.Security;

namespace Container.Native.Launch;

/// <summary>Where a launch gets its compiled filter from.</summary>
internal static class SeccompPolicy
{
    /// <summary>The compiled filter of <paramref name="profile"/>, or null if there is none.</summary>
    public static SeccompProgram? Get(OciSeccomp? profile, LaunchOptions options)
    {
        if (profile is null) return null;
        return options.SeccompCache is { } directory
            ? new SeccompCache(directory).GetOrCompile(profile)
            : SeccompCompiler.Compile(profile);
    }
}
