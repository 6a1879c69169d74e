using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Errors;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Commands;

/// <summary>From what the user wrote to the containers that are meant.</summary>
internal static class ContainerResolver
{
    /// <summary>
    /// Finds containers by name with wildcards, by id, or by a unique prefix of an id. A wildcard without a match is
    /// silent; a literal without one is an error, and the others go on.
    /// </summary>
    public static IEnumerable<ContainerRecord> Resolve(ContainerCmdlet cmdlet, IEnumerable<string> wanted)
    {
        foreach (string text in wanted)
        {
            if (WildcardPattern.ContainsWildcardCharacters(text))
            {
                foreach (ContainerRecord match in Matching(cmdlet, text)) yield return match;
            }
            else if (cmdlet.Attempt(text, () => cmdlet.Engine.Containers.Resolve(text)) is { } found)
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<ContainerRecord> Matching(ContainerCmdlet cmdlet, string text)
    {
        WildcardPattern pattern = Wildcards.AnyCase(text);
        IReadOnlyList<ContainerRecord> all = cmdlet.Attempt(text, () => cmdlet.Engine.Containers.List(
            failure => cmdlet.WriteError(ErrorTable.Record(failure, text)))) ?? [];
        return all.Where(container => pattern.IsMatch(container.Name));
    }
}
