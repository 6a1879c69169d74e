using System.Globalization;

namespace Container.Native.Oci.Documents;

/// <summary>What older documents and tools write, in the terms of runtime-spec 1.3.</summary>
internal static class EarlierVersions
{
    /// <summary>The document in the terms of 1.3.</summary>
    public static OciSpec Translate(OciSpec spec)
    {
        spec = FromRoot(spec);

        // "limit: 0" is a limit since 1.3 (runtime-spec #1279); until then, and in what CRI-O and podman write, it is none.
        if (spec.Linux?.Resources?.Pids is not { Limit: 0 } || !IsBefore13(spec.OciVersion)) return spec;
        OciResources resources = spec.Linux.Resources with { Pids = new OciPids { Limit = -1 } };
        return spec with { Linux = spec.Linux with { Resources = resources } };
    }

    // A relative destination is deprecated, and starts at "/" (config.md, Mounts).
    private static OciSpec FromRoot(OciSpec spec)
    {
        List<OciMount>? changed = null;
        for (int i = 0; i < (spec.Mounts?.Count ?? 0); i++)
        {
            OciMount mount = spec.Mounts![i];
            if (mount.Destination.StartsWith('/')) continue;
            changed ??= [.. spec.Mounts];
            changed[i] = mount with { Destination = "/" + mount.Destination };
        }

        return changed is null ? spec : spec with { Mounts = changed };
    }

    private static bool IsBefore13(string version)
    {
        string[] parts = version.Split('.');
        return parts is ["1", { } minor, ..]
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 3;
    }
}
