using Container.Native.Oci;

namespace Container.Runtime.Creation;

/// <summary>The annotations of crun(1) that engines set and that mean something here.</summary>
internal static class CrunAnnotations
{
    // podman run --group-add keep-groups.
    private const string KeepOriginalGroups = "run.oci.keep_original_groups";

    /// <summary>Their names, which change what a container may do: <c>features</c> warns engines of them.</summary>
    public static string[] Known => [KeepOriginalGroups];

    /// <summary>Whether the container's processes keep the caller's supplementary groups.</summary>
    public static bool KeepsGroups(OciSpec spec) =>
        spec.Annotations is { } annotations && annotations.TryGetValue(KeepOriginalGroups, out string? value)
        && value is not ("" or "0" or "false");
}
