using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Engine.Host;

namespace Container.Cmdlets.Commands;

/// <summary>Gets what the runtime can do, and whether this host has it.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerHostFeature")]
[OutputType(typeof(ContainerHostFeature))]
public sealed class GetContainerHostFeatureCommand : ContainerCmdlet
{
    /// <summary>Only features of these names, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Feature { get; set; } = ["*"];

    /// <summary>Only features of these categories, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Category { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        foreach (HostFeature feature in Engine.Host.GetFeatures())
        {
            if (Matches(Feature, feature.Name) && Matches(Category, feature.Category))
                WriteObject(ContainerHostFeature.From(feature));
        }
    });

    private static bool Matches(string[] patterns, string text) =>
        patterns.Any(pattern => Wildcards.AnyCase(pattern).IsMatch(text));
}
