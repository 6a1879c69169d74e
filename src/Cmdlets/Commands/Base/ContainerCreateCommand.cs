using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>
/// Everything a container can be created with, by theme in partial files; shared by the cmdlets that create one. What
/// was not given stays null: the engine then asks the image, else its own defaults.
/// </summary>
public abstract partial class ContainerCreateCommand : ContainerCmdlet
{
    /// <summary>The container's name; a random one where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How it is called without a name; other styles than Default are its host name too.</summary>
    [Parameter]
    public ContainerNameStyle? NameStyle { get; set; }

    /// <summary>Labels to find it by.</summary>
    [Parameter]
    [MapTransformation]
    public System.Collections.IDictionary? Label { get; set; }

    /// <summary>OCI annotations.</summary>
    [Parameter]
    [MapTransformation]
    public System.Collections.IDictionary? Annotation { get; set; }

    /// <summary>The host name inside; the id's first 12 digits where absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Hostname { get; set; }

    /// <summary>What the parameters say, over a configuration to start from.</summary>
    private protected ContainerConfiguration Configure(ContainerConfiguration start)
    {
        WarnOfMissingIds();
        ContainerConfiguration made = start with
        {
            Name = Name ?? start.Name,
            NameStyle = NameStyle ?? start.NameStyle,
            Label = TextMap.From(Label) ?? start.Label,
            Annotation = TextMap.From(Annotation) ?? start.Annotation,
            Hostname = Hostname ?? start.Hostname,
        };
        made = ConfigureStreams(ConfigureStorage(ConfigureProcess(made)));
        return ConfigureIsolation(ConfigureLimits(ConfigureNetwork(made)));
    }

    /// <summary>A host path as the user wrote it, absolute.</summary>
    private protected string HostPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
