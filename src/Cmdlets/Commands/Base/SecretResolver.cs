using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Secrets;

namespace Container.Cmdlets.Commands;

/// <summary>From what the user wrote to the secrets that are meant.</summary>
internal static class SecretResolver
{
    /// <summary>
    /// Finds secrets by name with wildcards. A wildcard without a match is silent; a literal without one is an error,
    /// and the others go on.
    /// </summary>
    public static IEnumerable<SecretRecord> Resolve(ContainerCmdlet cmdlet, IEnumerable<string> wanted)
    {
        foreach (string text in wanted)
        {
            if (WildcardPattern.ContainsWildcardCharacters(text))
            {
                WildcardPattern pattern = Wildcards.AnyCase(text);
                IReadOnlyList<SecretRecord> all = cmdlet.Attempt(text, cmdlet.Engine.Secrets.List) ?? [];
                foreach (SecretRecord secret in all.Where(secret => pattern.IsMatch(secret.Name))) yield return secret;
            }
            else if (cmdlet.Attempt(text, () => cmdlet.Engine.Secrets.Resolve(text)) is { } found)
            {
                yield return found;
            }
        }
    }
}
