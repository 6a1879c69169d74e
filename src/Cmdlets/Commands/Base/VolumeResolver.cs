using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Volumes;

namespace Container.Cmdlets.Commands;

/// <summary>From what the user wrote to the volumes that are meant.</summary>
internal static class VolumeResolver
{
    /// <summary>
    /// Finds volumes by name with wildcards. A wildcard without a match is silent; a literal without one is an error,
    /// and the others go on.
    /// </summary>
    public static IEnumerable<VolumeRecord> Resolve(ContainerCmdlet cmdlet, IEnumerable<string> wanted)
    {
        foreach (string text in wanted)
        {
            if (WildcardPattern.ContainsWildcardCharacters(text))
            {
                WildcardPattern pattern = Wildcards.AnyCase(text);
                IReadOnlyList<VolumeRecord> all = cmdlet.Attempt(text, cmdlet.Engine.Volumes.List) ?? [];
                foreach (VolumeRecord volume in all.Where(volume => pattern.IsMatch(volume.Name))) yield return volume;
            }
            else if (cmdlet.Attempt(text, () => cmdlet.Engine.Volumes.Resolve(text)) is { } found)
            {
                yield return found;
            }
        }
    }
}
