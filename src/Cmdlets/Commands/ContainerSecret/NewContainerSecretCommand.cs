using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Text;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Objects;
using Container.Engine.Secrets;

namespace Container.Cmdlets.Commands;

/// <summary>Keeps a secret for containers.</summary>
[Cmdlet(VerbsCommon.New, "ContainerSecret", DefaultParameterSetName = ValueSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSecretInfo))]
public sealed class NewContainerSecretCommand : ContainerCmdlet
{
    private const string ValueSet = "Value";
    private const string PathSet = "Path";
    private const string VariableSet = "EnvironmentVariable";

    /// <summary>The secret's name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The value, as Read-Host -AsSecureString and Get-Secret have it.</summary>
    [Parameter(ParameterSetName = ValueSet, Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    public SecureString Value { get; set; } = new();

    /// <summary>The file that has the value, byte for byte.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "LP", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The environment variable of this shell that has the value.</summary>
    [Parameter(ParameterSetName = VariableSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string EnvironmentVariable { get; set; } = "";

    /// <summary>What keeps it; file is the only driver.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Driver { get; set; } = SecretRecord.FileDriver;

    /// <summary>Labels to find it by.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Label { get; set; }

    /// <summary>Give a secret that is there another value; containers see it when they are started next.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(Name, () =>
    {
        if (ReadValue() is not { } value) return;
        try
        {
            if (!ShouldProcess(Messages.Secret(Name), Messages.ActionCreate)) return;
            SecretRecord made = Engine.Secrets.Create(Name, value, TextMap.From(Label), Replace, Driver, StopToken);
            WriteObject(ContainerSecretInfo.From(made, Engine.Secrets.GetUsers(made)));
        }
        finally
        {
            Array.Clear(value);
        }
    });

    private byte[]? ReadValue()
    {
        switch (ParameterSetName)
        {
            case PathSet:
                return HostFile.Input(this, Path) is { } path ? File.ReadAllBytes(path) : null;
            case VariableSet:
                if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { } text)
                    return Encoding.UTF8.GetBytes(text);
                WriteError(
                    ErrorTable.PathNotFound, Messages.NoSuchVariable(EnvironmentVariable), EnvironmentVariable);
                return null;
            default:
                return SecretText.Bytes(Value);
        }
    }
}
