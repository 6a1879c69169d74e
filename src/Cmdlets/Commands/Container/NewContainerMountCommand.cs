using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

/// <summary>Makes a mount for -Mount of the cmdlets that create containers.</summary>
[Cmdlet(VerbsCommon.New, "ContainerMount")]
[OutputType(typeof(ContainerMount))]
public sealed class NewContainerMountCommand : ContainerCmdlet
{
    /// <summary>What the host has: a directory or a file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>The absolute path inside.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidatePattern("^/")]
    public string Target { get; set; } = "";

    /// <summary>What is mounted.</summary>
    [Parameter]
    public ContainerMountType Type { get; set; }

    /// <summary>Refuse writes, in mounts below the source too.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Show the host's own ids, which belong to nobody inside, in place of shifted ones.</summary>
    [Parameter]
    public SwitchParameter NoIdMap { get; set; }

    /// <summary>How mounts made later are passed on.</summary>
    [Parameter]
    [ValidateSet("private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable")]
    public string? Propagation { get; set; }

    /// <summary>Bytes of a temporary filesystem.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long? Size { get; set; }

    /// <summary>The mode of a temporary filesystem's root, in octal as in 1777.</summary>
    [Parameter]
    [ValidatePattern("^[0-7]{3,5}$")]
    public string? Mode { get; set; }

    /// <summary>Further options, as mount(8) writes them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Option { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(Target, () =>
    {
        string[] options = [.. Propagation is null ? [] : new[] { Propagation.ToLowerInvariant() }, .. Option];
        WriteObject(new ContainerMount
        {
            Type = Type,
            Source = Source is null || Type != ContainerMountType.Bind
                ? Source
                : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Source),
            Target = Target,
            ReadOnly = ReadOnly,
            IdMap = Type == ContainerMountType.Bind && !NoIdMap,
            Size = Size,
            Mode = Mode is null ? null : Convert.ToUInt32(Mode, 8),
            Option = options.Length > 0 ? options : null,
        }.Checked());
    });
}
