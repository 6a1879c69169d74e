using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Images;

namespace Container.Cmdlets.Commands;

/// <summary>Makes an image of a container, or of a root filesystem.</summary>
[Cmdlet(
    VerbsData.ConvertTo, "ContainerImage", DefaultParameterSetName = ContainerTargetCommand.NameSet,
    SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageInfo))]
public sealed class ConvertToContainerImageCommand : RootFsImportCommand
{
    /// <summary>
    /// Containers: names with wildcards, full ids or unique prefixes of ids. What has a slash is the path of an archive.
    /// </summary>
    [Parameter(
        ParameterSetName = ContainerTargetCommand.NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerInfo), "ContainerId", Beside = [typeof(FileSystemInfo)])]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of containers, or unique prefixes of them.</summary>
    [Parameter(
        ParameterSetName = ContainerTargetCommand.IdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What Get-Container returned.</summary>
    [Parameter(
        ParameterSetName = ContainerTargetCommand.InputObjectSet, Mandatory = true, Position = 0,
        ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo[] InputObject { get; set; } = [];

    /// <summary>Who made it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Author { get; set; }

    /// <summary>What it is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Instructions of a Dockerfile, as in 'CMD ["sh"]' and 'ENV A=1'.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Change { get; set; }

    /// <summary>Pause a running container meanwhile; so it is unless -Pause:$false.</summary>
    [Parameter(ParameterSetName = ContainerTargetCommand.NameSet)]
    [Parameter(ParameterSetName = ContainerTargetCommand.IdSet)]
    [Parameter(ParameterSetName = ContainerTargetCommand.InputObjectSet)]
    public SwitchParameter Pause { get; set; } = true;

    /// <summary>Make one layer of all, in place of one more on the image's.</summary>
    [Parameter(ParameterSetName = ContainerTargetCommand.NameSet)]
    [Parameter(ParameterSetName = ContainerTargetCommand.IdSet)]
    [Parameter(ParameterSetName = ContainerTargetCommand.InputObjectSet)]
    public SwitchParameter Squash { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<string>? wanted = ParameterSetName switch
        {
            ContainerTargetCommand.NameSet => Name.Where(static name => !IsPath(name)),
            ContainerTargetCommand.IdSet => Id,
            ContainerTargetCommand.InputObjectSet => InputObject.Select(container => container.Id),
            _ => null,
        };
        if (ParameterSetName == ContainerTargetCommand.NameSet) Path = [.. Name.Where(IsPath)];
        if (wanted is null || Path.Length > 0) base.ProcessRecord();
        if (wanted is null) return;
        foreach (ContainerRecord container in ContainerResolver.Resolve(this, wanted))
        {
            if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.ActionCommit)) continue;
            Attempt(container.Name, () => WriteObject(Commit(container)));
        }
    }

    // No container has a slash in its name.
    private static bool IsPath(string name) => name.Contains('/');

    private protected override void Process(string file) => WriteObject(Import(file, Author, Message, Change));

    private ContainerImageInfo Commit(ContainerRecord container)
    {
        using ActivityProgress progress = new(this, Messages.ActionCommit, container.Name);
        CommitOptions options = new()
        {
            Reference = Tag,
            Author = Author,
            Message = Message,
            Changes = Change,
            Pause = Pause,
            Squash = Squash,
        };
        return ContainerImageInfo.From(Engine.Containers.Commit(container.Id, options, progress, StopToken));
    }
}
