using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Specs;
using Container.Native.Oci;

namespace Container.Cmdlets.Commands;

/// <summary>Makes an OCI configuration: one to start from, or that of a container, an image or a configuration.</summary>
[Cmdlet(VerbsCommon.New, "ContainerSpec", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(OciSpec), typeof(FileInfo))]
public sealed class NewContainerSpecCommand : ContainerTargetCommand
{
    private const string DefaultSet = "Default";
    private const string ImageSet = "Image";
    private const string ConfigurationSet = "Configuration";

    /// <inheritdoc/>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(
        typeof(ContainerInfo), "ContainerId", Beside = [typeof(ContainerConfiguration)],
        BesideConfiguration = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public override string[] Name { get; set; } = [];

    /// <summary>The image that a container would be made of.</summary>
    [Parameter(ParameterSetName = ImageSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string Image { get; set; } = "";

    /// <summary>What a container would be made from, as New-ContainerConfiguration makes it.</summary>
    [Parameter(ParameterSetName = ConfigurationSet, Mandatory = true, ValueFromPipeline = true)]
    [ConfigurationTransformation]
    [ValidateNotNull]
    public ContainerConfiguration? Configuration { get; set; }

    /// <summary>For the user who runs the shell, who is not root.</summary>
    [Parameter(ParameterSetName = DefaultSet)]
    public SwitchParameter Rootless { get; set; }

    /// <summary>The file to write, or the directory of the bundle; without it the object is written.</summary>
    [Parameter(Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case DefaultSet:
                Attempt(Path, () => Write(() => SpecService.Default(Rootless)));
                break;
            case ImageSet:
                Attempt(Image, () => Write(
                    () => Engine.Specs.Describe(new ContainerConfiguration { Image = Image })));
                break;
            case ConfigurationSet:
                Attempt(Configuration!.Image, () => Write(() => Engine.Specs.Describe(Configuration!)));
                break;
            default:
                base.ProcessRecord();
                break;
        }
    }

    private protected override void ProcessContainer(ContainerRecord container) =>
        Write(() => Engine.Specs.Get(container.Id));

    private void Write(Func<OciSpec> make)
    {
        if (Path is null)
        {
            WriteObject(make());
            return;
        }

        if (HostFile.Resolve(this, Path) is not { } full) return;
        string file = Directory.Exists(full) ? System.IO.Path.Join(full, SpecService.FileName) : full;
        if (HostFile.Output(this, file, Force) is null) return;
        OciSpec spec = make();
        if (!ShouldProcess(file, Messages.ActionCreate)) return;
        SpecService.Write(spec, file);
        HostFile.Write(this, file);
    }
}
