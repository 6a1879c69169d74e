using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Cmdlets.Waiting;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>
/// Gives a script block a container that runs, as $_, and removes the container when the block has ended, in whichever
/// way: by an error, by Ctrl+C, by a pipeline that has enough, by the end of the shell.
/// </summary>
[Cmdlet(VerbsOther.Use, "Container", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[OutputType(typeof(PSObject))]
public sealed class UseContainerCommand : ContainerCreateCommand
{
    private const string ImageSet = "Image";
    private const string InputObjectSet = "InputObject";

    private static readonly ScriptBlock s_call = ScriptBlock.Create(
        "ForEach-Object -Process { $_.Container | ForEach-Object -Process $_.Block }");

    /// <summary>The image: a reference, an id, or a unique prefix of one.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string Image { get; set; } = "";

    /// <summary>A container that is there already; it is started where it does not run, and removed as well.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo? InputObject { get; set; }

    /// <summary>What to do with the container, which is $_.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <inheritdoc/>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public override string? Command { get; set; }

    /// <inheritdoc/>
    [Parameter]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Alias("Args")]
    public override string[]? ArgumentList { get; set; }

    /// <summary>What to wait for before the block: the conditions of Wait-Container by their names.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? WaitFor { get; set; }

    /// <summary>Seconds to wait for that; 0 is for good.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WaitRequest? request = null;
        if (WaitFor is not null && !Attempt(WaitFor, () => { request = WaitRequest.From(WaitFor); })) return;
        ContainerRecord? container = null;
        Attempt(InputObject?.Name ?? Name ?? Image, () => { container = Find(); });
        if (container is null) return;
        ContainerLease? lease = null;
        bool isReady = false;
        try
        {
            Attempt(container.Name, () =>
            {
                lease = Engine.Containers.Lease(container.Id, StopToken);
                isReady = request is null || IsMet(request, lease.Container);
            });
            if (isReady) Call(ContainerInfo.From(lease!.Container));
        }
        finally
        {
            Remove(container);
            lease?.Dispose();
        }
    }

    private ContainerRecord? Find()
    {
        if (InputObject is not null)
        {
            ContainerRecord found = Engine.Containers.Resolve(InputObject.Id);
            return ShouldProcess(Messages.Container(found.Name, found.Id), Messages.ActionUse) ? found : null;
        }

        string source = Engine.Images.Resolve(Image).ToString();
        ContainerConfiguration wanted = Configure(new ContainerConfiguration { Image = Image });
        return ShouldProcess(Messages.NewContainer(wanted.Name, source), Messages.ActionUse)
            ? Engine.Containers.CreateLeased(wanted, StopToken)
            : null;
    }

    private bool IsMet(WaitRequest request, ContainerRecord container) =>
        new ConditionWait(this, request, TimeoutSec, pollMilliseconds: 50).Run([container]) is not null;

    /// <summary>ForEach-Object runs the block in its caller's scope, and its output flows as it comes.</summary>
    private void Call(ContainerInfo container)
    {
        PSObject call = new();
        call.Properties.Add(new PSNoteProperty("Container", container));
        call.Properties.Add(new PSNoteProperty("Block", ScriptBlock));
        using SteppablePipeline block = s_call.GetSteppablePipeline(MyInvocation.CommandOrigin);
        block.Begin(expectInput: true, (EngineIntrinsics)GetVariableValue("ExecutionContext"));
        block.Process(call);
        block.End();
    }

    // Runs after Ctrl+C too: then the cmdlet's own token is no use any more, and nothing may be written.
    private void Remove(ContainerRecord container)
    {
        try
        {
            Engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerNotFound)
        {
            // The block has removed it.
        }
    }
}
