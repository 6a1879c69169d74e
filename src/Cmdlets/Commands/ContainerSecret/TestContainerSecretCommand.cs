using System.Management.Automation;
using Container.Cmdlets.Completion;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether secrets exist.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerSecret")]
[OutputType(typeof(bool))]
public sealed class TestContainerSecretCommand : ContainerCmdlet
{
    /// <summary>Names, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string text in Name)
        {
            Attempt(text, () => WriteObject(WildcardPattern.ContainsWildcardCharacters(text)
                ? SecretResolver.Resolve(this, [text]).Any()
                : Engine.Secrets.TryResolve(text) is not null));
        }
    }
}
