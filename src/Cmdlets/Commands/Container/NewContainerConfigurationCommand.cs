using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;

namespace Container.Cmdlets.Commands;

/// <summary>Makes a configuration to create containers from; nothing else is made, and nothing is looked up.</summary>
[Cmdlet(VerbsCommon.New, "ContainerConfiguration", DefaultParameterSetName = ImageSet)]
[OutputType(typeof(ContainerConfiguration))]
public sealed class NewContainerConfigurationCommand : ContainerLifeCommand
{
    private const string ImageSet = "Image";
    private const string RootFsSet = "RootFs";
    private const string ConfigurationSet = "Configuration";

    /// <summary>The image: a reference, an id, or a unique prefix of one.</summary>
    [Parameter(ParameterSetName = ImageSet, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ObjectName(
        typeof(ContainerImageInfo), "ImageId", Beside = [typeof(ContainerConfiguration), typeof(FileSystemInfo)],
        BesideConfiguration = true)]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string? Image { get; set; }

    /// <summary>A directory to use as the root filesystem.</summary>
    [Parameter(ParameterSetName = RootFsSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string RootFsPath { get; set; } = "";

    /// <summary>A configuration to start from; parameters win.</summary>
    [Parameter(ParameterSetName = ConfigurationSet, Mandatory = true, ValueFromPipeline = true)]
    [ConfigurationTransformation]
    [ValidateNotNull]
    public ContainerConfiguration? Configuration { get; set; }

    /// <summary>Settings that belong together, which parameters override.</summary>
    [Parameter]
    public ContainerPreset? Preset { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => CheckCommand(nameof(Image));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ContainerConfiguration start = ParameterSetName switch
        {
            RootFsSet => new ContainerConfiguration { RootFsPath = HostPath(RootFsPath) },
            ConfigurationSet => Configuration!,
            _ => new ContainerConfiguration { Image = Image },
        };
        if (Preset is { } preset) start = ContainerPresets.Apply(start, preset);
        WriteObject(ConfigureLife(start));
    }
}
