using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Commands;

/// <summary>Runs a command in containers that run; its output streams into the pipeline.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[Alias("ictr")]
[OutputType(typeof(string), typeof(byte[]), typeof(ContainerCommandResult), typeof(Job))]
public sealed class InvokeContainerCommandCommand : ContainerCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string ContainerSet = "Container";
    private const string NameScriptSet = "NameScript";
    private const string IdScriptSet = "IdScript";
    private const string ContainerScriptSet = "ContainerScript";
    private const string InputSet = "InputObject";
    private const string InputScriptSet = "InputObjectScript";

    private static readonly ObjectNameAttribute s_names = new(typeof(ContainerInfo), "ContainerId");

    private readonly List<ContainerRecord> _targets = [];
    private CommandInvoker? _streaming;
    private bool _inputIsTarget;

    /// <summary>Names with wildcards, full ids or unique prefixes of ids.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = NameScriptSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId")]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids, or unique prefixes of them.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true)]
    [Parameter(ParameterSetName = IdScriptSet, Mandatory = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What Get-Container returned.</summary>
    [Parameter(ParameterSetName = ContainerSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = ContainerScriptSet, Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public ContainerInfo[] Container { get; set; } = [];

    /// <summary>The command.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = ContainerSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = InputSet, Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CommandCompleter))]
    public string Command { get; set; } = "";

    /// <summary>A script block for a pwsh inside; its output is objects, its input is $input.</summary>
    [Parameter(ParameterSetName = NameScriptSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = IdScriptSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = ContainerScriptSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = InputScriptSet, Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>Named parameters of the script block.</summary>
    [Parameter(ParameterSetName = NameScriptSet)]
    [Parameter(ParameterSetName = IdScriptSet)]
    [Parameter(ParameterSetName = ContainerScriptSet)]
    [Parameter(ParameterSetName = InputScriptSet)]
    public IDictionary? Parameter { get; set; }

    /// <summary>The command's or the script block's arguments.</summary>
    [Parameter(ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Alias("Args")]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>
    /// Standard input: text line by line; bytes, byte arrays and streams unchanged. The containers, where none is named.
    /// </summary>
    [Parameter(ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = NameScriptSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = IdScriptSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ContainerSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ContainerScriptSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = InputScriptSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <summary>NAME or UID, with an optional :GROUP or :GID.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>The absolute working directory inside.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Environment variables over the container's.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    /// <summary>All capabilities of the container's user namespace, no seccomp filter.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Write standard output as byte arrays, unchanged.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = IdSet)]
    [Parameter(ParameterSetName = ContainerSet)]
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter NoOutputDecode { get; set; }

    /// <summary>Seconds until the command is killed; 0 is never.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <summary>Run in the background and write the job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Write one object with the output and the exit code, which is then data and no error.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasInput =>
        MyInvocation.ExpectingInput || IsBound(nameof(InputObject));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ArgumentList = DashWords.Check(this, ArgumentList, nameof(Name), nameof(Container));

        // Where no container was named, the pipeline brings them; then nothing is input.
        string[] named = [.. Name, .. Id, .. Container.Select(container => container.Id)];
        _inputIsTarget = named.Length == 0;
        if (_inputIsTarget) return;

        _targets.AddRange(ContainerResolver.Resolve(this, named));
        if (!HasInput || _targets.Count == 0) return;
        if (_targets.Count > 1)
        {
            string[] names = [.. _targets.Select(target => target.Name)];
            Fail(ErrorTable.InvalidParameterCombination, Messages.InputToSeveral, names);
        }

        _streaming = Open(_targets[0], hasInput: true);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_inputIsTarget)
        {
            foreach (ContainerRecord container in ContainerResolver.Resolve(this, Piped())) Run(container);
        }
        else if (_streaming is not null)
        {
            Attempt(_targets[0].Name, () => _streaming.Send(InputObject, !MyInvocation.ExpectingInput));
            if (_streaming.IsCutShort) UpstreamCommands.Stop(this);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_inputIsTarget) return;
        if (HasInput) Attempt(_targets.FirstOrDefault()?.Name, () => _streaming?.Complete());
        else _targets.ForEach(Run);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _streaming?.Dispose();
        base.Dispose(disposing);
    }

    private string[] Piped()
    {
        if (InputObject?.BaseObject is ContainerInfo container) return [container.Id];
        try
        {
            return [s_names.Name(InputObject) ?? LanguagePrimitives.ConvertTo<string>(InputObject)];
        }
        catch (ArgumentTransformationMetadataException failure)
        {
            WriteError(ErrorTable.InvalidParameterCombination, failure.Message, InputObject);
            return [];
        }
    }

    private void Run(ContainerRecord container)
    {
        using CommandInvoker? invoker = Open(container, hasInput: false);
        Attempt(container.Name, () => invoker?.Complete());
    }

    private CommandInvoker? Open(ContainerRecord container, bool hasInput)
    {
        string text = ScriptBlock is null ? CommandText.Join(Command, ArgumentList) : $"{{{ScriptBlock}}}";
        if (!ShouldProcess(Messages.CommandIn(text, container.Name, container.Id), Messages.ActionRun)) return null;

        // A script block comes in through standard input, and its own input after it.
        bool isScript = ScriptBlock is not null;
        bool connected = hasInput || isScript;
        CommandOptions options = new(
            container, text, NoOutputDecode, PassThru, connected, isScript, TimeoutSec,
            Advise: isScript ? null : () => Engine.Containers.AdviseOnFailure(container.Id, [Command, .. ArgumentList]));
        ExecOptions exec = new()
        {
            Command = isScript ? ScriptLink.Command : [Command, .. ArgumentList],
            User = User,
            WorkingDirectory = WorkingDirectory,
            Environment = TextMap.From(Environment),
            Privileged = Privileged,
            Interactive = connected,
        };
        CommandInvoker invoker = new(this, AsJob);
        return Attempt(container.Name, () => invoker.Start(container.Name, (sink, token) =>
        {
            RunningCommand running = new(options, Exec(container, exec, token), sink, token);
            if (isScript) running.Send(ScriptLink.Call(ScriptBlock!, Parameter, ArgumentList));
            return running;
        })) ? invoker : null;
    }

    private ExecSession Exec(ContainerRecord container, ExecOptions options, CancellationToken token)
    {
        try
        {
            return Engine.Containers.Exec(container.Id, options, token);
        }
        catch (EngineException failure) when (ScriptBlock is not null && failure.Id == ErrorId.CommandNotFound)
        {
            throw new EngineException(
                ErrorTable.PowerShellNotFoundInContainer, Messages.NoPowerShell(container.Name),
                Messages.UsePowerShellImage, container.Name, failure);
        }
    }
}
