using Container.Native.Oci.Validation;

namespace Container.Runtime;

/// <summary>What <c>--version</c> prints; engines read the first line and the one of the specification.</summary>
internal static class VersionText
{
    public static string Get() => $"psrun version {BuildInformation.Version}\nspec: {OciNames.VersionMax}\n";
}
