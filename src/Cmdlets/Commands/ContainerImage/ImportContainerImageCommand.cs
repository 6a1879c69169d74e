using System.Management.Automation;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>Imports images from archives.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[Alias("ipctri")]
[OutputType(typeof(ContainerImageInfo))]
public sealed class ImportContainerImageCommand : RootFsImportCommand
{
}
