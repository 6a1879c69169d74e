using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    /// <summary>How its health is checked: a command line, a command in an array, or an object.</summary>
    [Parameter]
    [HealthCheckTransformation]
    [ValidateNotNull]
    public ContainerHealthCheck? HealthCheck { get; set; }

    /// <summary>Where what it writes goes: to a file that Get-ContainerLog reads, or nowhere.</summary>
    [Parameter]
    public ContainerLogDriver? LogDriver { get; set; }

    /// <summary>Options of the log: max-size, as in 10m, and max-file.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? LogOption { get; set; }

    private ContainerConfiguration ConfigureStreams(ContainerConfiguration made) => made with
    {
        HealthCheck = HealthCheck ?? made.HealthCheck,
        LogDriver = LogDriver ?? made.LogDriver,
        LogOption = TextMap.From(LogOption) ?? made.LogOption,
    };
}
