using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether volumes exist.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerVolume")]
[OutputType(typeof(bool))]
public sealed class TestContainerVolumeCommand : ContainerCmdlet
{
    /// <summary>Names, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ObjectName(typeof(ContainerVolumeInfo), "VolumeName")]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string text in Name)
        {
            Attempt(text, () => WriteObject(WildcardPattern.ContainsWildcardCharacters(text)
                ? VolumeResolver.Resolve(this, [text]).Any()
                : Engine.Volumes.TryResolve(text) is not null));
        }
    }
}
