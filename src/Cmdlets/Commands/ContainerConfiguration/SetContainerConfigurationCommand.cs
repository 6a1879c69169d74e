using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;
using Container.Engine.Settings;

namespace Container.Cmdlets.Commands;

/// <summary>Changes the configuration of the module.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SetContainerConfigurationCommand : ContainerCmdlet
{
    /// <summary>Where the state is that survives a reboot; what is there already is not moved.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? StorageRoot { get; set; }

    /// <summary>Where what containers write goes, unless they are created otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ContainerLogDriver? LogDriver { get; set; }

    /// <summary>Options of the log, for containers that are created without any: max-size, as in 10m, and max-file.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [MapTransformation]
    public IDictionary? LogOption { get; set; }

    /// <summary>The control group for those of containers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CgroupParent { get; set; }

    /// <summary>Most processes and threads of a container; -1 is unlimited.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? PidsLimit { get; set; }

    /// <summary>Seconds a container has to stop before it is killed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? StopTimeoutSec { get; set; }

    /// <summary>Whose file to change; where absent for root the host's, for others their own.</summary>
    [Parameter]
    public ContainerConfigurationScope? Scope { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SettingsService settings = new();
        ContainerConfigurationScope scope = Scope ?? (Environment.IsPrivilegedProcess
            ? ContainerConfigurationScope.System
            : ContainerConfigurationScope.User);
        string path = settings.GetPath(scope);
        if (ShouldProcess(path, Messages.ActionSet))
            Attempt(path, () => settings.Change(scope, Changed, StopToken));
    }

    // What is given as $null is not said any more.
    private EngineSettings Changed(EngineSettings old) => old with
    {
        StorageRoot = Given(nameof(StorageRoot), Absolute(StorageRoot), old.StorageRoot),
        LogDriver = Given(nameof(LogDriver), LogDriver, old.LogDriver),
        LogOption = Given(nameof(LogOption), TextMap.From(LogOption), old.LogOption),
        CgroupParent = Given(nameof(CgroupParent), TextMap.Text(CgroupParent), old.CgroupParent),
        PidsLimit = Given(nameof(PidsLimit), PidsLimit, old.PidsLimit),
        StopTimeoutSec = Given(nameof(StopTimeoutSec), StopTimeoutSec, old.StopTimeoutSec),
    };

    private string? Absolute(string? path) =>
        TextMap.Text(path) is { } given ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(given) : null;
}
