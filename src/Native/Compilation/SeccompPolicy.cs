using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Security;

namespace Container.Native.Compilation;

/// <summary>Where a launch gets its compiled filter from.</summary>
internal static class SeccompPolicy
{
    /// <summary>The compiled filter of <paramref name="profile"/>, or null if there is none.</summary>
    public static SeccompProgram? Get(OciSeccomp? profile, LaunchOptions options)
    {
        SeccompProgram? filter = options.Filter;
        if (filter is null && profile is not null)
        {
            filter = options.SeccompCache is { } directory
                ? new SeccompCache(directory).GetOrCompile(profile)
                : SeccompCompiler.Compile(profile);
        }

        if (filter?.Notifies == true && options.Listener is null)
            throw new DocumentException("linux.seccomp.listenerPath", "linux.seccomp: SCMP_ACT_NOTIFY has no supervisor here");
        return filter;
    }
}
