using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Secrets;

namespace Container.Cmdlets.Commands;

/// <summary>Removes secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerSecret", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveContainerSecretCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";
    private const string AllSet = "All";

    /// <summary>Names, with wildcards.</summary>
    [Parameter(
        ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerSecretInfo), "SecretName")]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>What Get-ContainerSecret returned.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerSecretInfo[] InputObject { get; set; } = [];

    /// <summary>Remove every secret; those that a container uses stay, each with an error.</summary>
    [Parameter(ParameterSetName = AllSet, Mandatory = true)]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted = ParameterSetName switch
        {
            InputObjectSet => InputObject.Select(secret => secret.Name),
            AllSet => All ? ["*"] : [],
            _ => Name,
        };
        foreach (SecretRecord secret in SecretResolver.Resolve(this, wanted))
        {
            if (!ShouldProcess(Messages.Secret(secret.Name), Messages.ActionRemove)) continue;
            Attempt(secret.Name, () => Engine.Secrets.Remove(secret.Name, StopToken));
        }
    }
}
