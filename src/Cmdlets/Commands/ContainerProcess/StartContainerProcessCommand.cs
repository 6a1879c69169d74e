using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Commands;

/// <summary>Starts a further process in containers that run, and leaves it to itself.</summary>
[Cmdlet(VerbsLifecycle.Start, "ContainerProcess", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerProcess))]
public sealed class StartContainerProcessCommand : ContainerTargetCommand
{
    private const string ContainerSet = "Container";

    /// <summary>What Get-Container returned, as Invoke-ContainerCommand takes it.</summary>
    [Parameter(ParameterSetName = ContainerSet, Mandatory = true)]
    [ValidateNotNull]
    public ContainerInfo[] Container { get; set; } = [];

    /// <summary>The command.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CommandCompleter))]
    public string Command { get; set; } = "";

    /// <summary>The command's arguments.</summary>
    [Parameter(ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Alias("Args")]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string[] ArgumentList { get; set; } = [];

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

    /// <summary>A file of the host that takes what the process writes; what was in it is lost.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RedirectStandardOutput { get; set; }

    /// <summary>A file of the host that takes what the process writes as errors; what was in it is lost.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RedirectStandardError { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        ArgumentList = DashWords.Check(this, ArgumentList, nameof(Name), nameof(InputObject));

    private protected override IEnumerable<string> Wanted() =>
        ParameterSetName == ContainerSet ? Container.Select(container => container.Id) : base.Wanted();

    private protected override void ProcessContainer(ContainerRecord container)
    {
        string text = CommandText.Join(Command, ArgumentList);
        if (!ShouldProcess(Messages.CommandIn(text, container.Name, container.Id), Messages.ActionStart)) return;
        ExecOptions options = new()
        {
            Command = [Command, .. ArgumentList],
            User = User,
            WorkingDirectory = WorkingDirectory,
            Environment = TextMap.From(Environment),
            Privileged = Privileged,
            Detach = true,
            StandardOutputPath = HostPath(RedirectStandardOutput),
            StandardErrorPath = HostPath(RedirectStandardError),
        };
        using ExecSession session = Engine.Containers.Exec(container.Id, options, StopToken);

        // One that ends at once is gone before it can be looked at; what is known of it is written.
        ContainerProcessRecord process = Engine.Containers.GetProcesses(container.Id)
            .FirstOrDefault(process => process.HostId == session.Pid) ?? new ContainerProcessRecord
            {
                Id = 0, HostId = session.Pid, Name = Command, CommandLine = options.Command, State = 'X',
                StartedAt = DateTimeOffset.UtcNow,
            };
        WriteObject(ContainerProcess.From(process, container));
    }

    private string? HostPath(string? path) =>
        path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
