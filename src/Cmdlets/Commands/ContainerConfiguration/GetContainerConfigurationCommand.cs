using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Settings;

namespace Container.Cmdlets.Commands;

/// <summary>Gets the configuration of the module.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerConfiguration")]
[OutputType(typeof(ContainerModuleConfiguration))]
public sealed class GetContainerConfigurationCommand : ContainerCmdlet
{
    /// <summary>Only what the file of the host, or that of the user, says; without it what holds.</summary>
    [Parameter]
    public ContainerConfigurationScope? Scope { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(Scope, () => WriteObject(
        Scope is { } scope ? OfFile(new SettingsService(), scope) : InEffect(Engine.Settings)));

    private static ContainerModuleConfiguration OfFile(SettingsService settings, ContainerConfigurationScope scope) =>
        ContainerModuleConfiguration.From(settings.Read(scope), scope, settings.GetPath(scope));

    private ContainerModuleConfiguration InEffect(SettingsService settings) => ContainerModuleConfiguration.From(
        settings.Effective.Over(SettingsService.Defaults) with { StorageRoot = Engine.Paths.StateRoot },
        null,
        [.. Enum.GetValues<ContainerConfigurationScope>().Select(settings.GetPath).Where(File.Exists)]);
}
