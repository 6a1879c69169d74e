using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>Creates a container, and starts it with -Start.</summary>
[Cmdlet(VerbsCommon.New, "Container", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[Alias("nctr")]
[OutputType(typeof(ContainerInfo))]
public sealed class NewContainerCommand : ContainerLifeCommand
{
    private const string ImageSet = "Image";
    private const string RootFsSet = "RootFs";
    private const string BundleSet = "Bundle";
    private const string ConfigurationSet = "Configuration";

    /// <summary>The image: a reference, an id, a unique prefix of one, or what Get-ContainerImage returned.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ObjectName(
        typeof(ContainerImageInfo), "ImageId", Beside = [typeof(ContainerConfiguration), typeof(FileSystemInfo)],
        BesideConfiguration = true)]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string Image { get; set; } = "";

    /// <summary>A directory to use as the root filesystem; the container writes beside it, not into it.</summary>
    [Parameter(ParameterSetName = RootFsSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string RootFsPath { get; set; } = "";

    /// <summary>An OCI bundle whose config.json is used as it is.</summary>
    [Parameter(ParameterSetName = BundleSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string BundlePath { get; set; } = "";

    /// <summary>A configuration to start from, as in (Get-Container web1).Configuration; parameters win.</summary>
    [Parameter(ParameterSetName = ConfigurationSet, Mandatory = true, ValueFromPipeline = true)]
    [ConfigurationTransformation]
    [ValidateNotNull]
    public ContainerConfiguration? Configuration { get; set; }

    /// <summary>Start it once it is made.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    /// <summary>Remove a container of the same name first, a running one too.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => CheckCommand(nameof(Image));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ContainerConfiguration wanted = ConfigureLife(Source());
        Attempt(wanted.Name ?? wanted.Image, () => Create(wanted));
    }

    private ContainerConfiguration Source() => ParameterSetName switch
    {
        RootFsSet => new ContainerConfiguration { RootFsPath = HostPath(RootFsPath) },
        BundleSet => new ContainerConfiguration { BundlePath = HostPath(BundlePath) },
        ConfigurationSet => Configuration!,
        _ => new ContainerConfiguration { Image = Image },
    };

    private void Create(ContainerConfiguration wanted)
    {
        if (wanted.Image is not null) Engine.Images.Resolve(wanted.Image);
        string source = wanted.Image ?? wanted.RootFsPath ?? wanted.BundlePath ?? "";
        string action = Start ? Messages.ActionCreateAndStart : Messages.ActionCreate;
        if (!ShouldProcess(Messages.NewContainer(wanted.Name, source), action)) return;
        if (Replace && wanted.Name is not null && !RemoveOld(wanted.Name)) return;

        ContainerRecord container = Engine.Containers.Create(wanted, StopToken);
        if (Start)
        {
            // A container that cannot be started stays, to be looked at and written like any other.
            container = Attempt(container.Name, () => Engine.Containers.Start(container.Id, StopToken)) ?? container;
        }

        WriteObject(ContainerInfo.From(container));
    }

    private bool RemoveOld(string name)
    {
        if (Engine.Containers.TryResolve(name) is not { } old || old.Name != name) return true;
        if (!ShouldProcess(Messages.Container(old.Name, old.Id), Messages.ActionReplace)) return false;
        Engine.Containers.Remove(old.Id, force: true, StopToken);
        return true;
    }
}
