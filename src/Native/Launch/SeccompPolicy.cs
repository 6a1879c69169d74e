using Container.Native.Oci;
using Container.Native.Security;

namespace Container.Native.Launch;

/// <summary>Where a launch gets its compiled filter from.</summary>
internal static class SeccompPolicy
{
    /// <summary>The compiled filter of <paramref name="profile"/>, or null if there is none.</summary>
    public static SeccompProgram? Get(OciSeccomp? profile, LaunchOptions options)
    {
        if (options.Filter is not null || profile is null) return options.Filter;
        return options.SeccompCache is { } directory
            ? new SeccompCache(directory).GetOrCompile(profile)
            : SeccompCompiler.Compile(profile);
    }
}
