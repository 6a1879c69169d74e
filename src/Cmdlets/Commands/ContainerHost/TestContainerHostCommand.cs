using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Objects;
using Container.Engine.Host;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether containers can run here.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerHost")]
[OutputType(typeof(bool), typeof(ContainerHostCheck))]
public sealed class TestContainerHostCommand : ContainerCmdlet
{
    /// <summary>Write each check instead of one answer.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Only these checks, with wildcards; all that are named have to pass.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostFeatureCompleter))]
    public string[] Feature { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(null, () =>
    {
        WildcardPattern[] patterns = [.. Feature.Select(
            name => Wildcards.AnyCase(name))];
        List<HostCheck> checks = [.. Engine.Host.Test()
            .Where(check => patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(check.Name)))];
        if (Detailed)
        {
            foreach (HostCheck check in checks) WriteObject(ContainerHostCheck.From(check));
            return;
        }

        foreach (HostCheck check in checks.Where(check => !check.Passed)) WriteVerbose($"{check.Name}: {check.Detail}");
        WriteObject(patterns.Length > 0
            ? checks.Count > 0 && checks.All(check => check.Passed)
            : checks.All(check => check.Passed || !check.Required));
    });
}
