using System.Globalization;
using Container.Engine.Configuration;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>Secrets in a container: files that are bound read-only, and variables.</summary>
internal static class SpecSecrets
{
    public const string DirectoryName = "secrets";

    /// <summary>The secrets that are files, and what the file is called in the run directory.</summary>
    public static IEnumerable<(string File, ContainerSecret Secret)> Files(IReadOnlyList<string>? texts) =>
        All(texts).Where(secret => !secret.IsVariable).Select(
            (secret, index) => (index.ToString(CultureInfo.InvariantCulture), secret));

    public static IEnumerable<OciMount> Mounts(SpecInput input) =>
        Files(input.Configuration.Secret).Select(entry => SpecMounts.Mount(
            entry.Secret.Target, "bind", Path.Join(input.RunDirectory, DirectoryName, entry.File),
            "bind", "rprivate", "ro", "nosuid", "nodev", "noexec"));

    /// <summary>The variables, over those of image and user.</summary>
    public static void AddVariables(VariableList variables, SpecInput input)
    {
        foreach (ContainerSecret secret in All(input.Configuration.Secret).Where(secret => secret.IsVariable))
        {
            SpecEnvironment.Add(
                variables, new Dictionary<string, string> { [secret.Target] = input.ReadSecret(secret.Name) });
        }
    }

    private static IEnumerable<ContainerSecret> All(IReadOnlyList<string>? texts) =>
        (texts ?? []).Select(ContainerSecret.Parse);
}
