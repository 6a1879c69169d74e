using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether secrets exist.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerSecret")]
[OutputType(typeof(bool))]
public sealed class TestContainerSecretCommand : ContainerCmdlet
{
    /// <summary>Names, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerSecretInfo), "SecretName")]
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
