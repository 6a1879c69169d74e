using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Secrets;

namespace Container.Cmdlets.Commands;

/// <summary>Gets secrets, without their values unless asked.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerSecret", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerSecretInfo))]
public sealed class GetContainerSecretCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names, with wildcards; all secrets where absent.</summary>
    [Parameter(
        ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerSecretInfo), "SecretName")]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>What Get-ContainerSecret returned: gets its present state.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerSecretInfo[] InputObject { get; set; } = [];

    /// <summary>Also the value, as a SecureString.</summary>
    [Parameter]
    public SwitchParameter Value { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string> wanted =
            ParameterSetName == InputObjectSet ? InputObject.Select(secret => secret.Name) : Name;
        foreach (SecretRecord secret in SecretResolver.Resolve(this, wanted))
        {
            Attempt(secret.Name, () => WriteObject(ContainerSecretInfo.From(
                secret,
                Engine.Secrets.GetUsers(secret),
                Value ? SecretText.Secure(Engine.Secrets.ReadValue(secret.Name)) : null)));
        }
    }
}
