using Container.Native.Oci.Validation;

namespace Container.Runtime.Messages;

/// <summary>What <c>--version</c> prints; engines read the first line and the one of the specification.</summary>
internal static class VersionText
{
    public static string Get()
    {
        string name = ProgramName.Get();
        string text = $"{name} version {BuildInformation.Version}\ncommit: {BuildInformation.Commit}\n" +
            $"spec: {OciNames.VersionMax}\n";
        return name == "psrun" ? text : text + "name: psrun\n";
    }
}
