using System.Management.Automation;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Interactive;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Monitor;

namespace Container.Cmdlets.Commands;

/// <summary>Runs a command in a new container and removes it; output streams into the pipeline.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerImage", SupportsShouldProcess = true)]
[Alias("ictri")]
[OutputType(typeof(string), typeof(byte[]), typeof(ContainerCommandResult), typeof(Job))]
public sealed class InvokeContainerImageCommand : ContainerCreateCommand
{
    private CommandInvoker? _invoker;

    /// <summary>The image: a reference, an id, or a unique prefix of one.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Standard input: text line by line; bytes, byte arrays and streams unchanged.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    /// <summary>Keep the container when the command has ended.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>Write standard output as byte arrays, unchanged.</summary>
    [Parameter]
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

    private bool IsFed => MyInvocation.ExpectingInput || IsBound(nameof(InputObject));

    private bool HasInput => Interactive || IsFed;

    // As docker run -it: somebody sits there, and nothing else of the shell wants what comes.
    private bool WantsTerminal =>
        Tty && Interactive && !IsFed && !AsJob && !PassThru && !NoOutputDecode && AttachedTerminal.IsLast(this);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        CheckCommand(nameof(Image));
        Attempt(Image, Start);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_invoker is null || !IsFed) return;
        Attempt(Image, () => _invoker.Send(InputObject, !MyInvocation.ExpectingInput));
        if (_invoker.IsCutShort) UpstreamCommands.Stop(this);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(Image, () => _invoker?.Complete());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _invoker?.Dispose();
        base.Dispose(disposing);
    }

    private void Start()
    {
        ImageRecord image = Engine.Images.Resolve(Image);
        ContainerConfiguration wanted = Configure(new ContainerConfiguration { Image = Image });

        // Should this shell be killed, its monitor has it removed.
        wanted = wanted with { Interactive = HasInput, AutoRemove = !Keep };
        if (!ShouldProcess(Messages.NewContainer(wanted.Name, image.ToString()), Messages.ActionRun)) return;

        if (WantsTerminal)
        {
            if (AttachedTerminal.Require(this, Image)) Relay(wanted);
            return;
        }

        CommandInvoker invoker = new(this, AsJob);
        invoker.Start(Name ?? Image, (sink, token) => Open(wanted, sink, token));
        _invoker = invoker;
    }

    private void Relay(ContainerConfiguration wanted)
    {
        bool isOver = true;
        ContainerRecord container = Create(wanted with { TimeoutSec = TimeoutSec }, StopToken);
        try
        {
            StartOptions start = AttachedTerminal.Start(this, endsWithCaller: true);
            using ExecSession session = Engine.Containers.StartAttached(container.Id, start, StopToken);
            isOver = AttachedTerminal.Relay(this, container, session, DetachSequence.Default);
        }
        finally
        {
            // One that the user has detached from goes on.
            if (isOver && Keep) Kill(container.Id);
            else if (isOver) Remove(container.Id);
        }
    }

    private RunningCommand Open(ContainerConfiguration wanted, IObjectSink sink, CancellationToken token)
    {
        ContainerRecord container = Create(wanted, token);
        try
        {
            CommandOptions options = new(
                container, Text(wanted, container), NoOutputDecode, PassThru, HasInput, IsScript: false, TimeoutSec,
                Keep ? Kill : Remove, () => Engine.Containers.AdviseOnFailure(container.Id));
            StartOptions start = new() { AttachStdin = HasInput, EndsWithCaller = true };
            ExecSession session = Engine.Containers.StartAttached(container.Id, start, token);
            return new RunningCommand(options, session, sink, token);
        }
        catch
        {
            if (!Keep) Remove(container.Id);
            throw;
        }
    }

    private ContainerRecord Create(ContainerConfiguration wanted, CancellationToken token) =>
        Keep ? Engine.Containers.Create(wanted, token) : Engine.Containers.CreateLeased(wanted, token);

    private static string Text(ContainerConfiguration wanted, ContainerRecord container)
    {
        string text = CommandText.Join(wanted.Command, wanted.ArgumentList);
        return text.Length > 0 ? text : container.ImageName ?? container.Name;
    }

    // Both run when the command is over, Ctrl+C included: then its own token is no use any more.
    private void Remove(string id)
    {
        try
        {
            Engine.Containers.Remove(id, force: true);
        }
        catch (EngineException failure) when (failure.Id == ErrorId.ContainerNotFound)
        {
            // Someone else has removed it.
        }
    }

    private void Kill(string id)
    {
        try
        {
            Engine.Containers.Stop(id, new StopOptions { Force = true }, CancellationToken.None);
        }
        catch (EngineException failure) when (failure.Id is ErrorId.ContainerNotFound or ErrorId.ContainerNotRunning)
        {
            // It has ended by itself, which is the usual case.
        }
    }
}
